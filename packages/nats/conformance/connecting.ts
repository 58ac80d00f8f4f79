import { startForTests } from "@waybill/brokers/for-tests";
import { isMessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect } from "vitest";
import { natsTransport, type NatsOptions } from "../src/index.ts";

/**
 * Starts a server with a configuration, calls `work` with its `host:port`, and ends the server. Does nothing on a
 * machine that cannot start a server.
 */
export async function withServer(config: string, work: (address: string) => Promise<void>): Promise<void> {
  const broker = await startForTests("nats", { config: [config] });
  if (broker === undefined) return;
  try {
    await work(new URL(broker.url).host);
  } finally {
    await broker.end();
  }
}

/** Connects and closes. Returns the error of a failed connect; undefined if it succeeded. */
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

/** Expects an error `connect-failed` that contains the advice and not the secret. */
export function expectRefusal(
  error: unknown,
  { advice, secret }: { readonly advice: RegExp; readonly secret?: string },
): void {
  expect(isMessagingError(error, "connect-failed"), String(error)).toBe(true);
  expect(String(error)).toMatch(advice);
  if (secret !== undefined) expect(String(error)).not.toContain(secret);
}
