import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import type { Envelope } from "../../message/envelope.ts";
import { PendingReplies, type PendingRequest } from "./pending-replies.ts";

let clock: VirtualClock;
let pending: PendingReplies;
let outcomes: string[];

beforeEach(() => {
  clock = new VirtualClock();
  pending = new PendingReplies(clock);
  outcomes = [];
});

function request(id: string, name: string, more: Partial<PendingRequest> = {}): PendingRequest {
  return {
    id,
    command: "ask",
    timeoutMs: 1_000,
    signal: undefined,
    isFromHandler: true,
    isBuffered: () => false,
    withdraw: () => true,
    onOutcome: (outcome) =>
      outcomes.push(`${name}: ${"code" in outcome ? outcome.code : JSON.stringify(outcome.data)}`),
    ...more,
  };
}

const reply = (causationId: string, data: unknown): Envelope => ({ causationId, data }) as Envelope;

describe("waiting requests", () => {
  it("get the reply that names their id, once", () => {
    pending.wait(request("1", "one"));
    pending.wait(request("2", "two"));
    pending.settle(reply("2", "yes"));
    pending.settle(reply("2", "again"));
    pending.settle(undefined);
    expect([outcomes, pending.size, pending.late]).toEqual([['two: "yes"'], 1, 2]);
  });

  it("share one reply when they have the same id: a handler is tried again while its last try still waits", () => {
    for (const name of ["first", "second", "third"]) pending.wait(request("1", name));
    expect(pending.size).toBe(3);
    pending.settle(reply("1", 7));
    expect(outcomes.toSorted()).toEqual(["first: 7", "second: 7", "third: 7"]);
    expect([pending.size, clock.pending]).toEqual([0, 0]);
  });

  it("with the same id end separately: by timeout, by signal, or because the command was not sent", async () => {
    const controller = new AbortController();
    const unsent = request("1", "not sent");
    pending.wait(request("1", "impatient", { timeoutMs: 10 }));
    pending.wait(request("1", "aborted", { signal: controller.signal }));
    pending.wait(unsent);
    pending.wait(request("1", "patient"));
    controller.abort();
    pending.forget(unsent);
    await clock.advance(10);
    expect(outcomes).toEqual(["aborted: request-aborted", "impatient: request-timeout"]);
    pending.settle(reply("1", true));
    expect(outcomes.at(-1)).toBe("patient: true");
    expect([pending.size, clock.pending]).toEqual([0, 0]);
  });
});
