import fc from "fast-check";
import { command, createBus, event, plainJson, service, type Bus } from "@waybill/core";
import type { Settlement } from "@waybill/core/transport";
import { z } from "zod";
import { ARRIVALS, WRITTEN, checkArrival, checkLetter, type Arrive, type Written } from "./arrivals.ts";
import { fuzzer, hold, type Fuzzer } from "./fuzzer.ts";
import { StubTransport } from "./stub-transport.ts";

const LONGEST_MS = 10 * 366 * 86_400_000;
/** Of what a settlement adds. */
const MOST_HEADER_BYTES = 16_384;

interface Case {
  readonly written: Written;
  readonly isPlain: boolean;
  /** What the handler does. */
  readonly act: number;
  readonly isStored: boolean;
}

/** What handlers may do. Each is called anew. */
const ACTS: readonly (() => unknown)[] = [
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

/** Whole deliveries: an adapter reads what was written, core handles it, the adapter stores what core decided. */
function deliveries(name: string, arrive: Arrive): Fuzzer {
  const transport = new StubTransport();
  let act: () => unknown = () => undefined;
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
          .handle(Do, () => act() as { text: string })
          .on(Plain, () => act() as Promise<void>),
      ],
    });
    await bus.start();
    return bus;
  };
  return fuzzer<Case>({
    name: `deliveries on ${name}`,
    corpus: [],
    cases: fc.record({
      written: WRITTEN,
      isPlain: fc.boolean(),
      act: fc.nat(ACTS.length - 1),
      isStored: fc.boolean(),
    }),
    async run({ written, isPlain, act: chosen, isStored }) {
      await (started ??= start());
      act = ACTS[chosen] ?? act;
      transport.answer = () =>
        isStored
          ? { ok: true }
          : { ok: false, error: { code: "unroutable", message: "Nobody.", maybeStored: false } };
      const arrival = arrive(written);
      checkArrival(arrival);
      const settlement = await transport.deliverOf(isPlain ? "topic" : "queue")({
        message: arrival.message,
        attempt: arrival.attempts + 1,
        attemptSource: "header",
        lane: undefined,
        signal: new AbortController().signal,
      });
      checkSettlement(settlement);
      if (settlement.type === "dead-letter")
        checkLetter(await arrival.letter(settlement.headers), settlement.headers);
    },
    end: async () => {
      await (await started)?.stop();
    },
  });
}

function checkSettlement(settlement: Settlement): void {
  hold(["ack", "retry", "dead-letter", "release"].includes(settlement.type), () => "no settlement");
  if (settlement.type === "retry")
    hold(
      settlement.delayMs >= 0 && settlement.delayMs <= LONGEST_MS,
      () => `it is retried after ${settlement.delayMs} ms`,
    );
  const headers = "headers" in settlement ? (settlement.headers ?? {}) : {};
  const bytes = Object.entries(headers).reduce(
    (sum, [header, value]) => sum + Buffer.byteLength(header) + Buffer.byteLength(value),
    0,
  );
  hold(bytes <= MOST_HEADER_BYTES, () => `a settlement adds ${bytes} bytes`);
}

export const DELIVERIES: readonly Fuzzer[] = Object.entries(ARRIVALS).map(([name, arrive]) =>
  deliveries(name, arrive),
);
