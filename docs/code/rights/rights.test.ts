import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startForTests } from "@waybill/brokers/for-tests";
import { describe, it } from "vitest";
import { runWithAllUsers, USERS, type User } from "./story.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const LIMIT_MS = 180_000;

/** Returns the broker's URL with this user. The password is the name of the user. */
const withUser =
  (url: string) =>
  (user: User): string =>
    url.replace(/\/\/(?:.*@)?/, `//${user}:${user}@`);

describe("users with exactly the permissions of the page", () => {
  it(
    "can do their work on RabbitMQ",
    async ({ skip }) => {
      const broker = await startForTests("rabbitmq");
      if (broker === undefined) return skip();
      try {
        for (const user of USERS) await broker.tool("add_user", user, user);
        for (const [, user = "", ...rights] of readFileSync(`${HERE}rabbitmq.sh`, "utf8").matchAll(GRANT))
          await broker.tool("set_permissions", user, ...rights);
        await runWithAllUsers(withUser(broker.url));
      } finally {
        await broker.end();
      }
    },
    LIMIT_MS,
  );

  it(
    "can do their work on NATS",
    async ({ skip }) => {
      const config = readFileSync(`${HERE}nats.conf`, "utf8");
      const broker = await startForTests("nats", { config: [config] });
      if (broker === undefined) return skip();
      try {
        await runWithAllUsers(withUser(broker.url));
      } finally {
        await broker.end();
      }
    },
    LIMIT_MS,
  );
});

/** A line of the page: the user, and the names to configure, write and read. */
const GRANT = /^rabbitmqctl set_permissions (\w+) '(.*?)' '(.*?)' '(.*?)'$/gm;
