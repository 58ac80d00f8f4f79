import fc from "fast-check";
import { command, createBus, event, plainJson, service, type Bus } from "@waybill/core";
import type { Settlement } from "@waybill/core/transport";
import { z } from "zod";
import {
  READERS,
  FOREIGN_MESSAGES,
  checkReadMessage,
  checkDeadLetter,
  type Reader,
  type ForeignMessage,
} from "./readers.ts";
import { fuzzer, assertThat, type Fuzzer } from "./fuzzer.ts";
import { StubTransport } from "./stub-transport.ts";

const MAX_DELAY_MS = 10 * 366 * 86_400_000;
/** The limit of the headers that a settlement adds. */
const MAX_HEADER_BYTES = 16_384;

interface Case {
  readonly foreign: ForeignMessage;
  readonly isPlain: boolean;
  /** The index of the handler's behaviour. */
  readonly behaviour: number;
  readonly isStored: boolean;
}

/** The behaviours of handlers. */
const BEHAVIOURS: readonly (() => unknown)[] = [
  () => ({ text: "done" }),
  () => undefined,
  () => Promise.reject(new Error("x".repeat(100_000))),
  () => {
    throw null;
  },
  () => Promise.reject([1, { a: 1n }]),
  () => {
    throw Object.defineProperty(new Error("bad"), "message", {
      get: () => {
        throw new Error("worse");
      },
    });
  },
  () => {
    throw new Proxy({}, { get: () => fail(), has: () => fail(), getPrototypeOf: () => fail() });
  },
  () => {
    const error = new Error("round");
    error.cause = error;
    throw error;
  },
];

function fail(): never {
  throw new Error("a trap");
}

/**
 * Fuzzes whole deliveries: an adapter reads a foreign message, core handles it, and the adapter stores a dead letter.
 */
function deliveries(name: string, read: Reader): Fuzzer {
  const transport = new StubTransport();
  let behaviour: () => unknown = () => undefined;
  const Do = command("fuzz.do", { data: z.object({ n: z.number() }), reply: z.object({ text: z.string() }) });
  const Plain = event("fuzz.plain", {
    data: z.unknown(),
    plain: { read: ({ value }) => plainJson.read(value), write: () => ({}) },
  });
  let started: Promise<Bus> | undefined;
  const start = async (): Promise<Bus> => {
    const bus = await createBus({
      transport,
      onWarning: () => undefined,
      recovery: { immediate: 0 },
      services: [
        service("fuzz")
          .handle(Do, () => behaviour() as { text: string })
          .on(Plain, () => behaviour() as Promise<void>),
      ],
    });
    await bus.start();
    return bus;
  };
  return fuzzer<Case>({
    name: `deliveries on ${name}`,
    corpus: [],
    cases: fc.record({
      foreign: FOREIGN_MESSAGES,
      isPlain: fc.boolean(),
      behaviour: fc.nat(BEHAVIOURS.length - 1),
      isStored: fc.boolean(),
    }),
    async run({ foreign, isPlain, behaviour: chosen, isStored }) {
      await (started ??= start());
      behaviour = BEHAVIOURS[chosen] ?? behaviour;
      transport.answer = () =>
        isStored
          ? { ok: true }
          : { ok: false, error: { code: "unroutable", message: "Nobody.", maybeStored: false } };
      const received = read(foreign);
      checkReadMessage(received);
      const settlement = await transport.deliverOf(isPlain ? "topic" : "queue")({
        message: received.message,
        attempt: received.attempts + 1,
        attemptSource: "header",
        lane: undefined,
        signal: new AbortController().signal,
      });
      checkSettlement(settlement);
      if (settlement.type === "dead-letter")
        checkDeadLetter(await received.deadLetter(settlement.headers), settlement.headers);
    },
    end: async () => {
      await (await started)?.stop();
    },
  });
}

function checkSettlement(settlement: Settlement): void {
  assertThat(["ack", "retry", "dead-letter", "release"].includes(settlement.type), () => "no settlement");
  if (settlement.type === "retry")
    assertThat(
      settlement.delayMs >= 0 && settlement.delayMs <= MAX_DELAY_MS,
      () => `the retry delay is ${settlement.delayMs} ms`,
    );
  const headers = "headers" in settlement ? (settlement.headers ?? {}) : {};
  const bytes = Object.entries(headers).reduce(
    (sum, [header, value]) => sum + Buffer.byteLength(header) + Buffer.byteLength(value),
    0,
  );
  assertThat(bytes <= MAX_HEADER_BYTES, () => `the settlement adds ${bytes} bytes of headers`);
}

export const DELIVERIES: readonly Fuzzer[] = Object.entries(READERS).map(([name, read]) =>
  deliveries(name, read),
);
