import { startForTests } from "@waybill/brokers/for-tests";
import { isMessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect } from "vitest";
import { natsTransport, type NatsOptions } from "../src/index.ts";

/** Works with a server that is configured so, at `host:port`; with none where it cannot be had. */
export async function withServer(config: string, work: (address: string) => Promise<void>): Promise<void> {
  const broker = await startForTests("nats", { config: [config] });
  if (broker === undefined) return;
  try {
    await work(new URL(broker.url).host);
  } finally {
    await broker.end();
  }
}

/** What connecting ended with, if not well. */
export async function connected(options: NatsOptions): Promise<unknown> {
  const transport = natsTransport(options, systemEnvironment);
  try {
    await transport.connect(new AbortController().signal);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await transport.close(Date.now());
  }
}

/** That one was kept out, told what to look at, and no secret was told. */
export function expectRefusal(
  error: unknown,
  { advice, secret }: { readonly advice: RegExp; readonly secret?: string },
): void {
  expect(isMessagingError(error, "connect-failed"), String(error)).toBe(true);
  expect(String(error)).toMatch(advice);
  if (secret !== undefined) expect(String(error)).not.toContain(secret);
}
