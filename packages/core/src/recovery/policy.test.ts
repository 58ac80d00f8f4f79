import { expect, it } from "vitest";
import { recoveryPolicy } from "./policy.ts";

it("has defaults, and the particular overrides the general", () => {
  expect(recoveryPolicy()).toEqual({
    immediate: 2,
    rounds: 3,
    firstMs: 1_000,
    factor: 5,
    longestMs: 3_600_000,
    jitter: 0.2,
    neverRetry: [],
  });
  expect(recoveryPolicy({ immediate: 1, delayed: false }, undefined, { immediate: 5 })).toMatchObject({
    immediate: 5,
    rounds: 0,
  });
});

it.each([
  ["immediate", { immediate: 1.5 }],
  ["immediate", { immediate: Number.NaN }],
  ["delayed.rounds", { delayed: { rounds: -1 } }],
  ["delayed.factor", { delayed: { factor: 0.5 } }],
  ["delayed.jitter", { delayed: { jitter: 2 } }],
] as const)("refuses %s by name", (option, given) => {
  expect(() => recoveryPolicy(given)).toThrow(new RegExp(`recovery\\.${option}.*invalid-option`));
});

it("refuses a duration that is none, by name", () => {
  expect(() => recoveryPolicy({ delayed: { first: "soon" as never } })).toThrow(
    /recovery\.delayed\.first.*invalid-duration/,
  );
});
