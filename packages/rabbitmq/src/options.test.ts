import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMessagingError } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { settingsOf } from "./options.ts";

describe("settings from a URL", () => {
  it("have a default for every part of the URL except the host", () => {
    expect(settingsOf("amqp://broker")).toEqual({
      protocol: "amqp",
      addresses: [{ host: "broker", port: 5672 }],
      username: "guest",
      password: "guest",
      vhost: "/",
      heartbeatSeconds: 10,
      connectTimeoutMs: 10_000,
      largestMessage: undefined,
      tls: {},
    });
  });

  it("contain several hosts, also IPv6 addresses, and the decoded credentials and virtual host", () => {
    const { addresses, username, password, vhost } = settingsOf(
      "amqps://user%40x:p%3Aw@one:1,two,[::1]:3/a%2Fb",
    );
    expect(addresses).toEqual([
      { host: "one", port: 1 },
      { host: "two", port: 5671 },
      { host: "::1", port: 3 },
    ]);
    expect([username, password, vhost]).toEqual(["user@x", "p:w", "a/b"]);
  });

  it("contain RabbitMQ's query parameters and the contents of TLS files", () => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-"));
    try {
      const ca = join(folder, "ca.pem");
      writeFileSync(ca, "certificate");
      const settings = settingsOf(
        `amqps://h?heartbeat=3&connection_timeout=500&largest_message=1000&cacertfile=${ca}&verify=verify_none&server_name_indication=inner`,
      );
      expect(settings).toMatchObject({ heartbeatSeconds: 3, connectTimeoutMs: 500, largestMessage: 1_000 });
      expect(settings.tls).toEqual({
        ca: Buffer.from("certificate"),
        rejectUnauthorized: false,
        servername: "inner",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are overridden by options", () => {
    const settings = settingsOf("amqps://a:b@h/v?heartbeat=3&server_name_indication=x", {
      username: "c",
      password: "d",
      vhost: "w",
      heartbeatSeconds: 4,
      tls: { servername: "y" },
    });
    expect(settings).toMatchObject({ username: "c", password: "d", vhost: "w", heartbeatSeconds: 4 });
    expect(settings.tls.servername).toBe("y");
  });

  it.each([
    ["http://host", "not of the form amqp://"],
    ["amqp://", "hosts of the"],
    ["amqp://user:secret@a,,b", "hosts of the"],
    ["amqp://user:secret@h?hartbeat=3", "Parameter number 1 of the RabbitMQ URL is unknown"],
    ["amqp://user:secret@h?heartbeat=soon", "positive number"],
    ["amqp://user:secret@h?heartbeat=0", "positive number"],
    ["amqp://user:secret@h?verify=maybe", "verify_peer"],
    ["amqps://user:secret@h?cacertfile=/does/not/exist", "cannot be read"],
    ["amqp://user:secret%zz@h", "hexadecimal"],
  ])("reject a faulty URL without printing its password: %s", (url, reason) => {
    const refusal = (() => {
      try {
        return settingsOf(url);
      } catch (error) {
        return error;
      }
    })();
    expect(isMessagingError(refusal, "invalid-option"), String(refusal)).toBe(true);
    expect(String(refusal)).toContain(reason);
    expect(String(refusal)).not.toContain("secret");
  });
});

it("one error reports all unknown options and unusable values", () => {
  const options = { heartbeatSeconds: "secret", heartbeat: 3, url: "amqp://other", tls: "secret" };
  expect(() => settingsOf("amqp://h", options)).toThrow(
    /rabbitmq: heartbeatSeconds is not a whole number from 1; unknown option "heartbeat"; unknown option "url"; tls is not an object\. Known options: username,.*\[invalid-option\]$/,
  );
  expect(() => settingsOf("amqps://h", { tls: { cipher: 1 } })).toThrow(
    'rabbitmq.tls: unknown option "cipher".',
  );
});
