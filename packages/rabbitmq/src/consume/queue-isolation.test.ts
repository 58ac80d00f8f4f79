import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { QueueIsolation, type IsolatedConsumer } from "./queue-isolation.ts";

const POISON = { cause: "overflow", reason: "Maximum call stack size exceeded" };

/** A queue whose first message may end the connection. */
class Queue implements IsolatedConsumer {
  readonly name: string;
  isPoisoned = false;
  isRead = false;
  problem: string | undefined = undefined;
  readonly #onRead: () => void;

  constructor(name: string, onRead: () => void) {
    this.name = name;
    this.#onRead = onRead;
  }

  suspend(): void {
    this.isRead = false;
  }

  async resume(): Promise<void> {
    if (this.isRead) return;
    this.isRead = true;
    this.#onRead();
  }

  reportProblem(problem: string | undefined): void {
    this.problem = problem;
  }
}

let clock: VirtualClock;
let isolation: QueueIsolation;
let queues: Queue[];
/** The number of losses. */
let losses: number;
/** The times of the losses in the last minute that a poison message caused. */
let times: number[];
let isUp: boolean;

function lose(loss = POISON): void {
  if (!isUp) return;
  isUp = false;
  losses += 1;
  const now = clock.now();
  if (loss === POISON) times = [...times.filter((at) => at > now - 60_000), now];
  isolation.lost({ ...loss, isRepeated: loss === POISON && times.length >= 3 });
  clock.schedule(100, connect);
}

function connect(): void {
  isUp = true;
  for (const queue of queues) queue.isRead = false; // its channel was lost
  isolation.resumed();
}

/** Returns a queue that ends the connection a moment after it is read, if it is poisoned. */
function queue(name: string): Queue {
  const made: Queue = new Queue(name, () => {
    if (made.isPoisoned) clock.schedule(50, () => made.isRead && lose());
  });
  return made;
}

const read = (): readonly string[] => queues.filter(({ isRead }) => isRead).map(({ name }) => name);
const impaired = (): readonly string[] =>
  queues.filter(({ problem }) => problem !== undefined).map(({ name }) => name);

beforeEach(() => {
  clock = new VirtualClock();
  queues = ["a", "b", "c"].map(queue);
  isolation = new QueueIsolation({ clock, consumers: () => queues });
  losses = 0;
  times = [];
});

function poison(...names: readonly string[]): void {
  for (const each of queues) each.isPoisoned = names.includes(each.name);
}

describe("the isolation of queues", () => {
  it("resumes all queues at once after a loss that does not repeat", () => {
    connect();
    expect(read()).toEqual(["a", "b", "c"]);
    lose({ cause: "reset", reason: "read ECONNRESET" });
    connect();
    expect(read()).toEqual(["a", "b", "c"]);
    expect(isolation.isActive).toBe(false);
  });

  it.each(["a", "b", "c"])(
    "finds that queue %s ends connections, and keeps reading the others",
    async (bad) => {
      poison(bad);
      connect();
      await clock.advance(8_000);
      expect(impaired()).toEqual([bad]);
      expect(queues.find(({ name }) => name === bad)?.problem).toContain(`queue ${bad} `);
      expect(read()).toEqual(["a", "b", "c"].filter((name) => name !== bad));
      expect(losses).toBe(4);
    },
  );

  it("finds two queues that end connections", async () => {
    poison("a", "c");
    connect();
    await clock.advance(8_000);
    expect(impaired()).toEqual(["a", "c"]);
    expect(read()).toEqual(["b"]);
  });

  it("tries the suspect again after growing pauses, while the others are read", async () => {
    poison("b");
    connect();
    await clock.advance(8_000);
    const found = clock.now();
    const lostAt: number[] = [];
    for (let known = losses; lostAt.length < 8;) {
      await clock.advance(1_000);
      if (losses === known) continue;
      known = losses;
      lostAt.push(clock.now());
      expect(read()).toEqual(["a", "c"]);
    }
    const pauses = lostAt.map((at, index) => Math.round((at - (lostAt[index - 1] ?? found)) / 1_000));
    expect(pauses.slice(1)).toEqual([20, 40, 80, 160, 300, 300, 300]);
    expect(impaired()).toEqual(["b"]);
  });

  it("clears the suspect after a trial without a loss", async () => {
    poison("b");
    connect();
    await clock.advance(8_000);
    poison();
    await clock.advance(10_000);
    expect(impaired()).toEqual([]);
    expect(read()).toEqual(["a", "b", "c"]);
    expect(isolation.isActive).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it("suspects no queue after a loss with another cause, and repeats the trial", async () => {
    poison("c");
    connect();
    await clock.advance(600);
    expect(read()).toEqual(["a"]);
    lose({ cause: "reset", reason: "read ECONNRESET" });
    await clock.advance(8_000);
    expect(impaired()).toEqual(["c"]);
    expect(read()).toEqual(["a", "b"]);
  });

  it("forgets a consumer that was drained", async () => {
    poison("b");
    connect();
    await clock.advance(8_000);
    queues = queues.filter(({ name }) => name !== "b");
    await clock.advance(20_000);
    expect(read()).toEqual(["a", "c"]);
    expect(isolation.isActive).toBe(false);
  });

  it("leaves no timer when it ends", async () => {
    poison("b");
    connect();
    await clock.advance(8_000);
    expect(clock.pending).toBe(1);
    isolation.end();
    expect(clock.pending).toBe(0);
  });
});
