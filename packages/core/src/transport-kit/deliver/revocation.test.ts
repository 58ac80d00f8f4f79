import { expect, it } from "vitest";
import { revocation } from "./revocation.ts";

const { revoke, signalOf } = revocation;

it("a revocation aborts the signal of its delivery and of no other", () => {
  const [taken, kept] = [{ isLive: true }, { isLive: true }];
  const signals = [signalOf(taken), signalOf(kept)];
  expect(signalOf(taken)).toBe(signals[0]);
  revoke(taken);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(signals[0]?.reason).toBe("the broker took the message back");
  expect([taken.isLive, kept.isLive]).toEqual([false, true]);
});

it("a delivery that is revoked already has an aborted signal", () => {
  const delivery = { isLive: true };
  revoke(delivery);
  expect(signalOf(delivery).aborted).toBe(true);
});
