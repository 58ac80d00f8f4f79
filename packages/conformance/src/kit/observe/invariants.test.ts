import { ACK, STORED, type PublishResult } from "@waybill/core/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenPromise } from "./claim.ts";
import { Handling } from "../handling.ts";
import { History } from "./history.ts";
import { claimCopies, claimKnown, claimOneOwner, claimOrder } from "./invariants.ts";
import { taggedMessage } from "../generate/messages.ts";

interface Span {
  readonly by: string;
  readonly lane?: number;
  readonly began: number;
  readonly ended?: number;
}

function handlingOf({ by, lane = 0, began, ended }: Span): Handling {
  const message = taggedMessage({ id: `${by}${began}`, to: { kind: "queue", name: "q" }, lane });
  const { signal } = new AbortController();
  const handling = new Handling(
    { message, attempt: 1, attemptSource: "broker", lane, signal },
    { consumer: by, group: "g", at: 0, began },
  );
  handling.ended = ended;
  handling.settlement = ended === undefined ? undefined : ACK;
  return handling;
}

const owning =
  (...spans: readonly Span[]) =>
  () =>
    claimOneOwner(spans.map(handlingOf));

describe("claimOneOwner", () => {
  it("allows one member at a time, and any two in different lanes", () => {
    expect(owning({ by: "a", began: 1, ended: 2 }, { by: "b", began: 3, ended: 4 })).not.toThrow();
    expect(owning({ by: "a", began: 1 }, { by: "b", lane: 1, began: 2 })).not.toThrow();
    expect(owning({ by: "a", began: 1, ended: 9 }, { by: "a", began: 2, ended: 3 })).not.toThrow();
  });

  it("finds an overlap, with an open delivery and behind a shorter one, too", () => {
    expect(owning({ by: "a", began: 1, ended: 3 }, { by: "b", began: 2, ended: 4 })).toThrow(BrokenPromise);
    expect(owning({ by: "a", began: 1 }, { by: "b", began: 2 })).toThrow(BrokenPromise);
    expect(
      owning({ by: "a", began: 1, ended: 9 }, { by: "a", began: 2, ended: 3 }, { by: "b", began: 5 }),
    ).toThrow(BrokenPromise);
  });

  it("agrees with comparing every two of them", () => {
    const span = fc.record({
      by: fc.constantFrom("a", "b"),
      lane: fc.constantFrom(0, 1),
      took: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (drawn) => {
        const spans = drawn.map(({ by, lane, took }, at) => ({
          by,
          lane,
          began: 2 * at,
          ended: 2 * at + 2 * took - 1,
        }));
        const overlap = spans.some((one) =>
          spans.some(
            (other) =>
              one.by !== other.by &&
              one.lane === other.lane &&
              one.began < other.began &&
              other.began < one.ended,
          ),
        );
        if (overlap) expect(owning(...spans)).toThrow(BrokenPromise);
        else expect(owning(...spans)).not.toThrow();
      }),
    );
  });
});

describe("claimOrder", () => {
  const came = (...by: readonly string[]) => by.map((name, at) => handlingOf({ by: name, began: at }));

  it("judges first deliveries and forgives what comes again", () => {
    const [a, b] = came("a", "b");
    const again = a === undefined || b === undefined ? [] : [a, b, a];
    expect(() => claimOrder(again, ["a0", "b1"], "All")).not.toThrow();
    expect(() => claimOrder(again, ["b1", "a0"], "All")).toThrow(BrokenPromise);
  });

  it("looks at the messages it is asked about only", () => {
    expect(() => claimOrder(came("a", "b", "c"), ["a0", "c2"], "All")).not.toThrow();
  });
});

describe("claimCopies and claimKnown", () => {
  const lost = (maybeStored: boolean): PublishResult => ({
    ok: false,
    error: { code: "disconnected", message: "It is gone.", maybeStored },
  });

  /** One message published with these results and delivered so often to the group `g`. */
  const historyOf = (times: number, ...results: readonly PublishResult[]): History => {
    const history = new History();
    const message = taggedMessage({ id: "m0", to: { kind: "queue", name: "q" } });
    for (const result of results) history.sending(message, 0).result = result;
    for (let time = 0; time < times; time++) history.handlings.push(handlingOf({ by: "m", began: 0 }));
    return history;
  };

  it.each([
    [1, [STORED]],
    [2, [lost(true), STORED]],
    [1, [lost(false), lost(true), STORED]],
    [0, [lost(true)]],
  ])("allow %i deliveries of what may have been stored as often", (times, results) => {
    expect(() => claimCopies(historyOf(times, ...results), "g")).not.toThrow();
  });

  it.each([
    [2, [STORED]],
    [2, [lost(false), STORED]],
    [1, [lost(false)]],
    [3, [lost(true), STORED]],
  ])("find %i deliveries of what cannot have been stored as often", (times, results) => {
    expect(() => claimCopies(historyOf(times, ...results), "g")).toThrow(BrokenPromise);
  });

  it("find what nobody published", () => {
    expect(() => claimKnown(historyOf(1, STORED), "g")).not.toThrow();
    expect(() => claimKnown(historyOf(1), "g")).toThrow(BrokenPromise);
    expect(() => claimKnown(historyOf(1), "another")).not.toThrow();
  });
});
