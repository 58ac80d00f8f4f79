import { type PublishResult, STORED, type Transport, type TransportState } from "@waybill/core/transport";
import { seededRandom, VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, type World } from "../harness.ts";
import type { Queue } from "./generate/destinations.ts";
import { taggedMessage } from "./generate/messages.ts";
import { BrokenPromise } from "./observe/assert.ts";
import { watchStates } from "./observe/states.ts";
import { Stage } from "./stage.ts";
import { underLoad } from "./under-load.ts";

describe("underLoad", () => {
  it("publishes before, during and after the fault, and resolves when all messages are stored", async () => {
    const { stage, transport, queue, results } = setUp();
    const stored: number[] = [];
    await underLoad(stage, { publisher: transport, queue }, async () => {
      await stage.time.elapse(50);
      stored.push(stage.history.confirmed().length);
      results.now = LOST;
      await stage.time.elapse(50);
      stored.push(stage.history.confirmed().length);
      results.now = STORED;
    });
    const [before = 0, during = 0] = stored;
    expect(before).toBeGreaterThan(0);
    expect(during - before).toBeLessThanOrEqual(5);
    const tags = new Set(stage.history.publishes.map(({ tag }) => tag));
    expect(new Set(stage.history.confirmed())).toEqual(tags);
    expect(tags.size).toBeGreaterThanOrEqual(during + 5);
  });

  it("waits for the end of the fault when nothing can be stored, then fails", async () => {
    const { stage, transport, queue, results } = setUp();
    results.now = {
      ok: false,
      error: { code: "rejected", message: "The broker refuses it.", maybeStored: false },
    };
    let isOver = false;
    const load = underLoad(stage, { publisher: transport, queue }, async () => {
      await stage.time.elapse(1_000);
      isOver = true;
    });
    await expect(load).rejects.toThrow(BrokenPromise);
    expect(isOver).toBe(true);
  });
});

describe("watchStates", () => {
  it("waits for a state, and for a lost connection to be ready again", async () => {
    const { stage, transport, report } = setUp();
    const states = watchStates(stage, transport);
    await states.until("ready");
    const back = states.untilBack();
    report("disconnected");
    await states.until("disconnected");
    report("ready");
    await back;
    expect(states.seen).toEqual(["ready", "disconnected", "ready"]);
  });

  it("does not treat a connection that was never lost as restored", async () => {
    const { stage, transport } = setUp();
    await expect(watchStates(stage, transport).untilBack()).rejects.toThrow("the states are ready");
  });
});

const LOST: PublishResult = {
  ok: false,
  error: { code: "disconnected", message: "The connection is lost.", maybeStored: true },
};

function setUp() {
  const clock = new VirtualClock();
  const world: World = {
    environment: { clock, random: seededRandom(1) },
    transport: () => transport,
    elapse: (ms) => clock.advance(ms),
    settle: () => clock.settle(),
    close: () => Promise.resolve(),
  };
  const stage = new Stage(world, { ...DEFAULT_PACE, patienceMs: 500 });
  const results = { now: STORED };
  const listeners: ((state: TransportState) => void)[] = [];
  const report = (status: TransportState["status"]): void => {
    for (const listener of listeners) listener({ status, reason: undefined });
  };
  const transport = {
    publish: async (batch: readonly unknown[]) => {
      await clock.settle();
      return batch.map(() => results.now);
    },
    onState(listener: (state: TransportState) => void) {
      listeners.push(listener);
      listener({ status: "ready", reason: undefined });
      return () => undefined;
    },
  } as Partial<Transport> as Transport;
  const to = { kind: "queue", name: "q" } as const;
  const queue = {
    message: () => taggedMessage({ id: stage.names.id(), to }),
  } as Partial<Queue> as Queue;
  return { stage, transport, queue, results, report };
}
