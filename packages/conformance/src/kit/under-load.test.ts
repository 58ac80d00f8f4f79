import { STORED, type PublishResult, type Transport, type TransportState } from "@waybill/core/transport";
import { VirtualClock, seededRandom } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, type World } from "../harness.ts";
import { BrokenPromise } from "./observe/claim.ts";
import { taggedMessage } from "./generate/messages.ts";
import type { Queue } from "./generate/places.ts";
import { Stage } from "./stage.ts";
import { watchStates } from "./observe/states.ts";
import { underLoad } from "./under-load.ts";

describe("underLoad", () => {
  it("publishes before, while and after, and is over when all is stored", async () => {
    const { stage, transport, queue, answers } = setUp();
    const stored: number[] = [];
    await underLoad(stage, { publisher: transport, queue }, async () => {
      await stage.time.elapse(50);
      stored.push(stage.history.stored().length);
      answers.now = LOST;
      await stage.time.elapse(50);
      stored.push(stage.history.stored().length);
      answers.now = STORED;
    });
    const [before = 0, during = 0] = stored;
    expect(before).toBeGreaterThan(0);
    expect(during - before).toBeLessThanOrEqual(5);
    const tags = new Set(stage.history.sendings.map(({ tag }) => tag));
    expect(new Set(stage.history.stored())).toEqual(tags);
    expect(tags.size).toBeGreaterThanOrEqual(during + 5);
  });

  it("sees the trouble to its end though nothing can be stored, then fails", async () => {
    const { stage, transport, queue, answers } = setUp();
    answers.now = { ok: false, error: { code: "rejected", message: "No.", maybeStored: false } };
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
  it("waits for a state, and for a connection that was lost and is back", async () => {
    const { stage, transport, tell } = setUp();
    const states = watchStates(stage, transport);
    await states.until("ready");
    const back = states.untilBack();
    tell("disconnected");
    await states.until("disconnected");
    tell("ready");
    await back;
    expect(states.seen).toEqual(["ready", "disconnected", "ready"]);
  });

  it("does not take a connection for back that was never lost", async () => {
    const { stage, transport } = setUp();
    await expect(watchStates(stage, transport).untilBack()).rejects.toThrow("went ready");
  });
});

const LOST: PublishResult = {
  ok: false,
  error: { code: "disconnected", message: "It is gone.", maybeStored: true },
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
  const answers = { now: STORED };
  const listeners: ((state: TransportState) => void)[] = [];
  const tell = (status: TransportState["status"]): void => {
    for (const listener of listeners) listener({ status, reason: undefined });
  };
  const transport = {
    publish: async (batch: readonly unknown[]) => {
      await clock.settle();
      return batch.map(() => answers.now);
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
  return { stage, transport, queue, answers, tell };
}
