import { createBus, defineConfig, fromEnv, fromFile } from "@waybill/core";
import { beforeEach, expect, it, vi } from "vitest";
import { MemoryTransport } from "@waybill/memory";
import { Act, failureOf, Happened, World } from "./world.ts";

beforeEach(() => {
  vi.stubEnv("WAYBILL_TRANSPORT", "");
  vi.stubEnv("WAYBILL_TRANSPORT_FILE", "");
});

it("a bus without a transport uses WAYBILL_TRANSPORT; without both the error names them", async () => {
  expect(String(await failureOf(createBus({})))).toContain(
    "createBus was given no transport, and WAYBILL_TRANSPORT is not set.",
  );
  vi.stubEnv("WAYBILL_TRANSPORT", "memory:");
  expect((await createBus({})).explain().transport).toBe("memory");
});

it("options of other brokers are ignored with a warning, and their secrets are not read", async () => {
  const warnings: string[] = [];
  const config = defineConfig({
    transport: fromEnv("WAYBILL_TEST_URL"),
    memory: {},
    rabbitmq: { heartbeatSeconds: 5, password: fromFile("/does/not/exist") },
    kafka: { clientId: "x" },
    onWarning: (warning) => void warnings.push(warning),
  });
  vi.stubEnv("WAYBILL_TEST_URL", "memory:");
  const bus = await createBus({ ...config });
  const said = [
    "The options of rabbitmq (heartbeatSeconds, password) are ignored: the transport is memory.",
    "The options of kafka (clientId) are ignored: the transport is memory.",
  ];
  expect(warnings).toEqual(said);
  expect(bus.explain().warnings).toEqual(said);
  expect(bus.explain().toString()).toContain(`warning: ${said[0]}`);
});

it("a warning without onWarning is a warning of the process", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  await createBus({ transport: "memory:", nats: { leaseSeconds: 1 } });
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("nats (leaseSeconds)"), {
    type: "WaybillWarning",
  });
});

it("the adapter checks the options of its broker; a missing secret is refused", async () => {
  expect(String(await failureOf(createBus({ transport: "memory:", memory: { size: 1 } })))).toContain(
    'memory: unknown option "size".',
  );
  const missing = { password: fromEnv("WAYBILL_TEST_NOT_SET") };
  expect(String(await failureOf(createBus({ transport: "amqp://h", rabbitmq: missing })))).toMatch(
    /transport-not-installed|Neither WAYBILL_TEST_NOT_SET nor/,
  );
});

it("a transport that the application creates itself leaves the options of every broker unused, with a warning", async () => {
  const world = new World();
  const warnings: string[] = [];
  const bus = await world.bus({ memory: { size: 1 }, onWarning: (warning) => void warnings.push(warning) });
  expect(warnings).toEqual(["The options of memory (size) are ignored: the transport is given ready-made."]);
  await bus.publish(Happened, { n: 1 });
  await bus.send(Act, { n: 1 });
  await world.end();
});

it("a warning of the transport reaches onWarning", async () => {
  class Talkative extends MemoryTransport {
    override connect(signal: AbortSignal, warn?: (warning: string) => void): Promise<void> {
      warn?.("The broker is about to be moved.");
      return super.connect(signal);
    }
  }
  const world = new World();
  const warnings: string[] = [];
  const transport = new Talkative(world.broker);
  await world.bus({ transport, onWarning: (warning) => void warnings.push(warning) });
  expect(warnings).toEqual(["The broker is about to be moved."]);
  await world.end();
});
