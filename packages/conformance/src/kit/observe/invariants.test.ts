import { ACK, type PublishResult, STORED } from "@waybill/core/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { taggedMessage } from "../generate/messages.ts";
import { ReceivedDelivery } from "../received-delivery.ts";
import { BrokenPromise } from "./assert.ts";
import { History } from "./history.ts";
import { assertDuplicatesReported, assertOneOwner, assertOnlyPublished, assertOrder } from "./invariants.ts";

interface Span {
  readonly by: string;
  readonly lane?: number;
  readonly began: number;
  readonly ended?: number;
}

function receivedBy({ by, lane = 0, began, ended }: Span): ReceivedDelivery {
  const message = taggedMessage({ id: `${by}${began}`, to: { kind: "queue", name: "q" }, lane });
  const { signal } = new AbortController();
  const received = new ReceivedDelivery(
    { message, attempt: 1, attemptSource: "broker", lane, signal },
    { consumer: by, group: "g", at: 0, began },
  );
  received.ended = ended;
  received.settlement = ended === undefined ? undefined : ACK;
  return received;
}

const owning =
  (...spans: readonly Span[]) =>
  () =>
    assertOneOwner(spans.map(receivedBy));

describe("assertOneOwner", () => {
  it("accepts one member at a time in a lane, and several in different lanes", () => {
    expect(owning({ by: "a", began: 1, ended: 2 }, { by: "b", began: 3, ended: 4 })).not.toThrow();
    expect(owning({ by: "a", began: 1 }, { by: "b", lane: 1, began: 2 })).not.toThrow();
    expect(owning({ by: "a", began: 1, ended: 9 }, { by: "a", began: 2, ended: 3 })).not.toThrow();
  });

  it("finds an overlap, also with a message in flight and after a shorter delivery", () => {
    expect(owning({ by: "a", began: 1, ended: 3 }, { by: "b", began: 2, ended: 4 })).toThrow(BrokenPromise);
    expect(owning({ by: "a", began: 1 }, { by: "b", began: 2 })).toThrow(BrokenPromise);
    expect(
      owning({ by: "a", began: 1, ended: 9 }, { by: "a", began: 2, ended: 3 }, { by: "b", began: 5 }),
    ).toThrow(BrokenPromise);
  });

  it("agrees with a comparison of every pair", () => {
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

describe("assertOrder", () => {
  const deliveriesBy = (...by: readonly string[]) =>
    by.map((name, at) => receivedBy({ by: name, began: at }));

  it("checks first deliveries and ignores redeliveries", () => {
    const [a, b] = deliveriesBy("a", "b");
    const again = a === undefined || b === undefined ? [] : [a, b, a];
    expect(() => assertOrder(again, ["a0", "b1"], "All")).not.toThrow();
    expect(() => assertOrder(again, ["b1", "a0"], "All")).toThrow(BrokenPromise);
  });

  it("checks only the given messages", () => {
    expect(() => assertOrder(deliveriesBy("a", "b", "c"), ["a0", "c2"], "All")).not.toThrow();
  });
});

describe("assertDuplicatesReported and assertOnlyPublished", () => {
  const lost = (maybeStored: boolean): PublishResult => ({
    ok: false,
    error: { code: "disconnected", message: "The connection is lost.", maybeStored },
  });

  /** Returns a history of one message, published with these results and delivered this many times to the group `g`. */
  const historyOf = (times: number, ...results: readonly PublishResult[]): History => {
    const history = new History();
    const message = taggedMessage({ id: "m0", to: { kind: "queue", name: "q" } });
    for (const result of results) history.recordPublish(message, 0).result = result;
    for (let time = 0; time < times; time++) history.deliveries.push(receivedBy({ by: "m", began: 0 }));
    return history;
  };

  it.each([
    [1, [STORED]],
    [2, [lost(true), STORED]],
    [1, [lost(false), lost(true), STORED]],
    [0, [lost(true)]],
  ])("accept %i deliveries of a message that may have been stored that many times", (times, results) => {
    expect(() => assertDuplicatesReported(historyOf(times, ...results), "g")).not.toThrow();
  });

  it.each([
    [2, [STORED]],
    [2, [lost(false), STORED]],
    [1, [lost(false)]],
    [3, [lost(true), STORED]],
  ])("reject %i deliveries of a message that cannot have been stored that many times", (times, results) => {
    expect(() => assertDuplicatesReported(historyOf(times, ...results), "g")).toThrow(BrokenPromise);
  });

  it("reject a message that nobody published", () => {
    expect(() => assertOnlyPublished(historyOf(1, STORED), "g")).not.toThrow();
    expect(() => assertOnlyPublished(historyOf(1), "g")).toThrow(BrokenPromise);
    expect(() => assertOnlyPublished(historyOf(1), "another")).not.toThrow();
  });
});
