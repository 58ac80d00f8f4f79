import { beforeEach, describe, expect, it } from "vitest";
import { MessagingError } from "../../environment/messaging-error.ts";
import { seededRandom } from "../../environment/random.ts";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import { Retrying } from "./retrying.ts";

let clock: VirtualClock;
let retrying: Retrying;
let times: number[];
beforeEach(() => {
  clock = new VirtualClock();
  retrying = new Retrying({ clock, random: seededRandom(1) });
  times = [];
});

const error = (code: "disconnected" | "connect-failed" | "provisioning-failed", isRetriable?: boolean) =>
  new MessagingError(code, { what: "It failed.", advice: "Wait.", isRetriable });

/** Fails with each of the errors, and then succeeds. */
function work(...errors: readonly Error[]): () => Promise<string> {
  const begun = clock.now();
  return () => {
    times.push(clock.now() - begun);
    const failure = errors[times.length - 1];
    return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
  };
}

const ending = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((failure: { code?: string; message: string }) => failure.code ?? failure.message);

describe("work that fails because the broker is unreachable", () => {
  it("is retried with growing pauses until it succeeds", async () => {
    const told: unknown[] = [];
    const errors = [error("connect-failed"), error("disconnected"), error("provisioning-failed", true)];
    const patience = { until: clock.now() + 60_000, onFailure: (each: unknown) => told.push(each) };
    const outcome = ending(retrying.run(work(...errors), patience));
    await clock.advance(5_000);
    expect(await outcome).toBe("done");
    expect(told).toEqual(errors);
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect(clock.pending).toBe(0);
  });

  it("is retried until the deadline and then rejects with the last error", async () => {
    const until = clock.now() + 1_000;
    const outcome = ending(retrying.run(work(...Array<Error>(50).fill(error("disconnected"))), { until }));
    await clock.advance(1_000);
    expect(await outcome).toBe("disconnected");
    expect(times.at(-1)).toBe(1_000);
  });

  it.each([
    ["a refused password", error("connect-failed", false)],
    ["a refusal", error("provisioning-failed")],
    ["an error of another library", new Error("disconnected")],
  ])("is not retried after %s", async (_, failure) => {
    const until = clock.now() + 60_000;
    expect(await ending(retrying.run(work(failure), { until }))).not.toBe("done");
    expect(times).toHaveLength(1);
  });

  it("is retried at once when the broker is reachable again", async () => {
    const until = clock.now() + 60_000;
    const outcome = ending(retrying.run(work(error("disconnected")), { until }));
    await clock.settle();
    retrying.wake();
    expect(await outcome).toBe("done");
    expect(times).toEqual([0, 0]);
  });

  it("is not retried when no caller waits or the bus stops, and leaves no timer", async () => {
    const until = clock.now() + 60_000;
    const unwanted = retrying.run(work(error("disconnected")), { until, isWanted: () => false });
    expect(await ending(unwanted)).toBe("disconnected");
    times = [];
    const outcome = ending(retrying.run(work(error("disconnected")), { until }));
    await clock.settle();
    retrying.end();
    expect(await outcome).toBe("disconnected");
    expect(clock.pending).toBe(0);
  });
});
