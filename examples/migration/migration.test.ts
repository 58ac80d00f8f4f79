import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startForTests } from "@waybill/brokers/for-tests";
import { describe, expect, it } from "vitest";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);
const expected = readFileSync(`${HERE}expected.txt`, "utf8");

async function outputOf(name: string, url?: string): Promise<string> {
  const args = ["--conditions=@waybill/source", "--import", "tsx", `${name}.ts`];
  const env = { ...process.env, WAYBILL_TRANSPORT: undefined, WAYBILL_RABBITMQ_URL: url };
  return (await run(process.execPath, args, { cwd: HERE, env, timeout: 60_000 })).stdout;
}

describe("one small application in five frameworks", { timeout: 180_000 }, () => {
  it.each(["waybill", "nestjs", "node-ts-bus", "moleculer"])(
    "prints the same output with %s",
    async (name) => {
      expect(await outputOf(name)).toBe(expected);
    },
  );

  it("prints the same output with a bare client, on RabbitMQ", async ({ skip }) => {
    const broker = await startForTests("rabbitmq");
    if (broker === undefined) return skip();
    try {
      expect(await outputOf("bare-amqplib", broker.url)).toBe(expected);
    } finally {
      await broker.end();
    }
  });
});
