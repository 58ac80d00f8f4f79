import fc from "fast-check";
import { v5, validate, version } from "uuid";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { derivedId } from "../runtime/derived-id.ts";
import { sleep, systemClock, createIsoTime } from "./clock.ts";
import { toMilliseconds } from "./duration.ts";
import { createIds } from "./ids.ts";
import { describeThrown, isMessagingError, MessagingError } from "./messaging-error.ts";
import { seededRandom, systemRandom } from "./random.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("the system clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits longer than a platform timer can", () => {
    const ring = vi.fn();
    const fortyDays = 40 * 86_400_000;
    systemClock.schedule(fortyDays, ring);
    vi.advanceTimersByTime(fortyDays - 1);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
  });

  it("can be cancelled at any time, and is never early", () => {
    const ring = vi.fn();
    const cancel = systemClock.schedule(40 * 86_400_000, ring);
    vi.advanceTimersByTime(30 * 86_400_000);
    cancel();
    cancel();
    vi.advanceTimersByTime(30 * 86_400_000);
    systemClock.schedule(0.4, ring);
    vi.advanceTimersByTime(0);
    expect(ring).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
    expect(systemClock.now()).toBe(Date.now());
  });
});

describe("the virtual clock", () => {
  it("runs timers in order of time, then of creation, and lets promises settle in between", async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    const note = (name: string) => (): void => void log.push(`${name} at ${clock.now()}`);
    clock.schedule(5, note("b"));
    clock.schedule(5, note("c"));
    clock.schedule(3, () => {
      note("a")();
      void sleep(clock, 1).then(note("a later"));
    });
    clock.schedule(9, note("never"));
    expect(clock.nextAt).toBe(3);
    await clock.advance(6);
    expect(log).toEqual(["a at 3", "a later at 4", "b at 5", "c at 5"]);
    expect(clock.now()).toBe(6);
    expect(clock.pending).toBe(1);
  });
});

describe("ids", () => {
  it("are unique UUIDs of version 7, in order, with their time, also when the clock goes back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 1_000 }), { maxLength: 50 }),
        fc.integer(),
        (steps, seed) => {
          const clock = new VirtualClock();
          let now = clock.now();
          const newId = createIds(
            { now: () => now, schedule: (ms, run) => clock.schedule(ms, run) },
            seededRandom(seed),
          );
          const ids = steps.map((step) => {
            now += step;
            return newId();
          });
          for (const id of ids) expect([validate(id), version(id)]).toEqual([true, 7]);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids).toEqual(ids.toSorted());
        },
      ),
    );
    const clock = new VirtualClock();
    const id = createIds(clock, systemRandom)();
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(clock.now());
  });

  it("stay unique and in order when one millisecond exhausts the counter", () => {
    const newId = createIds(new VirtualClock(), systemRandom);
    const ids = Array.from({ length: 10_000 }, newId);
    expect(new Set(ids).size).toBe(10_000);
    expect(ids).toEqual(ids.toSorted());
  });

  it("that are derived from a name are UUIDs of version 5 of RFC 9562", () => {
    const namespace = "0199a5f2-7c4a-7d1e-9b3c-2f60d85e41a7";
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((name) => !/\p{Surrogate}/u.test(name)),
        (name) => {
          expect(derivedId(name)).toBe(v5(name, namespace));
        },
      ),
    );
  });
});

describe("durations", () => {
  it.each([
    [250, 250],
    ["250ms", 250],
    ["5s", 5_000],
    ["1.5m", 90_000],
    ["0.05s", 50],
    ["0.005s", 5],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
    [0, 0],
  ] as const)("%s is %d ms", (given, expected) => {
    expect(toMilliseconds(given, "x")).toBe(expected);
  });

  it.each([
    -1,
    Number.NaN,
    Infinity,
    "5",
    "s",
    "5 s",
    "1.5 s",
    " 5s",
    "1e3ms",
    "-5s",
    "5w",
    "",
    null,
    undefined,
    {},
    5n,
    ["5s"],
    Symbol("5s"),
  ])("%s is refused, with the name of the option", (given) => {
    expect(() => toMilliseconds(given as never, "timeouts.stop")).toThrow(
      /timeouts\.stop .*invalid-duration/,
    );
  });
});

it("refuses a duration that cannot be described", () => {
  expect(() => toMilliseconds(Object.create(null) as never, "delay")).toThrow(
    "delay is {}, which is not a duration",
  );
  expect(() => toMilliseconds(Infinity, "delay")).toThrow("delay is Infinity, which is not a duration");
});

describe("randomness, times and errors", () => {
  it("random numbers repeat with their seed, and are in range", () => {
    const [one, two] = [seededRandom(7), seededRandom(7)];
    for (const random of [one, systemRandom])
      for (let at = 0; at < 3_000; at++) {
        const number = random.next();
        expect(number >= 0 && number < 1).toBe(true);
        expect(Number.isInteger(random.uint32())).toBe(true);
      }
    for (let at = 0; at < 6_000; at++) two.uint32();
    expect(one.uint32()).toBe(two.uint32());
    expect(seededRandom(8).uint32()).not.toBe(seededRandom(9).uint32());
  });

  it("times are formatted as ISO 8601, each millisecond once", () => {
    const time = createIsoTime();
    expect([time(0), time(0), time(1)]).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00.001Z",
    ]);
  });

  it("errors say what happened and what to do, and keep their cause", () => {
    const cause = new Error("inner");
    const error = new MessagingError("invalid-data", {
      what: "It is wrong.",
      advice: "Correct it.",
      messageId: "1",
      cause,
    });
    expect(error.message).toBe("It is wrong. Correct it. [invalid-data]");
    expect(error).toMatchObject({
      cause,
      code: "invalid-data",
      messageId: "1",
      help: "Data does not match the schema of its contract. Correct it.",
    });
    expect(isMessagingError(error)).toBe(true);
    expect(isMessagingError(error, "closed")).toBe(false);
    expect(isMessagingError(cause)).toBe(false);
    expect([new Error(""), "x", undefined, { a: 1 }, 7n].map(describeThrown)).toEqual([
      "Error",
      "x",
      "undefined",
      '{"a":1}',
      "7n",
    ]);
  });
});
