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
const chance = fc.double({ min: 0, max: 0.999, noNaN: true });

it("every failing message is tried exactly (1 + immediate) times in each of (1 + rounds) deliveries, then dead", () => {
  fc.assert(
    fc.property(options, chance, (given, drawn) => {
      const policy = recoveryPolicy(given);
      let tried = 0;
      for (let attempt = 1; ; attempt++) {
        let tries = 0;
        for (;;) {
          tries += 1;
          tried += 1;
          const decision = decide(new Error("no"), policy, { attempt, tries, chance: drawn });
          if (decision.type === "try-again") continue;
          if (decision.type === "retry") break;
          expect(tried).toBe((1 + given.immediate) * (1 + given.delayed.rounds));
          return;
        }
      }
    }),
  );
});

it("delays never exceed the longest, never shrink by more than the jitter, and grow by the factor", () => {
  fc.assert(
    fc.property(options, fc.integer({ min: 1, max: 20 }), chance, (given, round, drawn) => {
      const policy = recoveryPolicy(given);
      const full = Math.min(policy.longestMs, policy.firstMs * policy.factor ** (round - 1));
      const delay = backoff(policy, round, drawn);
      expect(delay).toBeLessThanOrEqual(Math.ceil(full));
      expect(delay).toBeGreaterThanOrEqual(Math.floor(full * (1 - policy.jitter)));
      expect(Number.isInteger(delay)).toBe(true);
    }),
  );
});

it("what no retry can cure is dead at once, whatever the policy", () => {
  class Gone extends Error {}
  const policy = recoveryPolicy({ immediate: 9, neverRetry: [Gone, "E_GONE", "GoneError"] });
  const first = { attempt: 1, tries: 1, chance: 0 };
  const named = Object.assign(new Error("x"), { name: "GoneError" });
  const invalid = new MessagingError("invalid-message", { what: "x.", advice: "y." });
  for (const failure of [new Gone(), { code: "E_GONE" }, named, invalid])
    expect(decide(failure, policy, first)).toEqual({ type: "dead-letter" });
  for (const failure of [new Error("x"), "E_GONE", undefined, null, { code: 7 }])
    expect(decide(failure, policy, first)).toEqual({ type: "try-again" });
});

it("what a message says of itself is clamped: there is always a decision, and no delay is out of range", () => {
  const odd = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -1e6, -9e15, Infinity, -Infinity, 0));
  fc.assert(
    fc.property(options, fc.tuple(odd, odd, odd), (given, [attempt, tries, drawn]) => {
      const policy = recoveryPolicy(given);
      const decision = decide(new Error("no"), policy, { attempt, tries, chance: drawn });
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
