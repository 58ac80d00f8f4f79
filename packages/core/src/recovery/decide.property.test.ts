import fc from "fast-check";
import { expect, it } from "vitest";
import { MessagingError } from "../environment/messaging-error.ts";
import { backoff } from "./backoff.ts";
import { decide } from "./decide.ts";
import { recoveryPolicy, type RecoveryOptions } from "./policy.ts";

const options = fc.record({
  immediate: fc.nat(4),
  delayed: fc.record({
    rounds: fc.nat(4),
    first: fc.integer({ min: 0, max: 10_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    longest: fc.integer({ min: 10_000, max: 100_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
}) satisfies fc.Arbitrary<RecoveryOptions>;
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

it("a failing message is tried (1 + immediate) times in each of (1 + rounds) deliveries, then becomes a dead letter", () => {
  fc.assert(
    fc.property(options, random, (given, drawn) => {
      const policy = recoveryPolicy(given);
      let tried = 0;
      for (let attempt = 1; ; attempt++) {
        let tries = 0;
        for (;;) {
          tries += 1;
          tried += 1;
          const decision = decide(new Error("no"), policy, { attempt, tries, random: drawn });
          if (decision.type === "try-again") continue;
          if (decision.type === "retry") break;
          expect(tried).toBe((1 + given.immediate) * (1 + given.delayed.rounds));
          return;
        }
      }
    }),
  );
});

it("a delay is at most the longest one, shortened by at most the jitter, and grows by the factor", () => {
  fc.assert(
    fc.property(options, fc.integer({ min: 1, max: 20 }), random, (given, round, drawn) => {
      const policy = recoveryPolicy(given);
      const full = Math.min(policy.longestMs, policy.firstMs * policy.factor ** (round - 1));
      const delay = backoff(policy, round, drawn);
      expect(delay).toBeLessThanOrEqual(Math.ceil(full));
      expect(delay).toBeGreaterThanOrEqual(Math.floor(full * (1 - policy.jitter)));
      expect(Number.isInteger(delay)).toBe(true);
    }),
  );
});

it("a failure that no retry can cure becomes a dead letter at once, with any policy", () => {
  class Gone extends Error {}
  const policy = recoveryPolicy({ immediate: 9, neverRetry: [Gone, "E_GONE", "GoneError"] });
  const first = { attempt: 1, tries: 1, random: 0 };
  const named = Object.assign(new Error("x"), { name: "GoneError" });
  const invalid = new MessagingError("invalid-message", { what: "x.", advice: "y." });
  for (const failure of [new Gone(), { code: "E_GONE" }, named, invalid])
    expect(decide(failure, policy, first)).toEqual({ type: "dead-letter" });
  for (const failure of [new Error("x"), "E_GONE", undefined, null, { code: 7 }])
    expect(decide(failure, policy, first)).toEqual({ type: "try-again" });
});

it("counts from a message are clamped, so that there is always a decision and no delay is out of range", () => {
  const odd = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -1e6, -9e15, Infinity, -Infinity, 0));
  fc.assert(
    fc.property(options, fc.tuple(odd, odd, odd), (given, [attempt, tries, drawn]) => {
      const policy = recoveryPolicy(given);
      const decision = decide(new Error("no"), policy, { attempt, tries, random: drawn });
      if (decision.type !== "retry") return;
      expect(Number.isInteger(decision.delayMs)).toBe(true);
      expect(decision.delayMs).toBeGreaterThanOrEqual(0);
      expect(decision.delayMs).toBeLessThanOrEqual(Math.ceil(policy.longestMs));
      expect(decision.delayMs).toBeGreaterThanOrEqual(
        Math.floor(Math.min(policy.firstMs, policy.longestMs) * (1 - policy.jitter)),
      );
    }),
  );
});
