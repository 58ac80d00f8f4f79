import { expect, it } from "vitest";
import { checkRecovery, recoveryPolicy } from "./policy.ts";

it("a policy has defaults, and specific options override general ones", () => {
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
] as const)("refuses %s, and names the option", (option, given) => {
  expect(() => recoveryPolicy(given)).toThrow(new RegExp(`recovery\\.${option}.*invalid-option`));
});

it("refuses an invalid duration, and names its option", () => {
  expect(() => recoveryPolicy({ delayed: { first: "soon" as never } })).toThrow(
    /recovery\.delayed\.first.*invalid-duration/,
  );
});

it("treats an undefined option as absent, at every level and inside delayed", () => {
  const general = { immediate: 0, delayed: { rounds: 7, first: "3s" }, neverRetry: ["X"] } as const;
  const nothing = { immediate: undefined, delayed: undefined, neverRetry: undefined } as never;
  const hollow = { delayed: { rounds: undefined, first: undefined, longest: undefined } } as never;
  const wanted = { immediate: 0, rounds: 7, firstMs: 3_000, neverRetry: ["X"] };
  expect(recoveryPolicy(general, nothing, undefined, hollow)).toMatchObject(wanted);
  expect(recoveryPolicy(nothing, hollow, general)).toMatchObject(wanted);
});

it("merges options field by field, those of delayed too; false and fields override each other", () => {
  const general = { delayed: { first: "10s", factor: 1, rounds: 5, jitter: 0 } } as const;
  const merged = { firstMs: 10_000, factor: 1, rounds: 2, jitter: 0 };
  expect(recoveryPolicy(general, { delayed: { rounds: 2 } })).toMatchObject(merged);
  expect(recoveryPolicy(general, { delayed: false })).toMatchObject({ rounds: 0 });
  expect(recoveryPolicy(general, { delayed: false }, { delayed: { rounds: 2 } })).toMatchObject({
    rounds: 2,
    firstMs: 1_000,
  });
});

it("refuses a first delay that is longer than the longest one, also when they come from two levels", () => {
  const refusal =
    "recovery.delayed.first is 6 h, but longest is 1 h. Set recovery.delayed.longest to at least recovery.delayed.first";
  expect(() => recoveryPolicy({ delayed: { first: "6h" } })).toThrow(refusal);
  expect(() => recoveryPolicy({ delayed: { first: "2m" } }, { delayed: { longest: "1m" } })).toThrow(
    "first is 2 min, but longest is 1 min",
  );
  expect(recoveryPolicy({ delayed: { first: "6h", longest: "6h" } })).toMatchObject({ firstMs: 21_600_000 });
});

it.each([
  [
    { immediat: 9 },
    'recovery of s: unknown option "immediat". Known options: immediate, delayed, neverRetry.',
  ],
  [{ delayed: { round: 9 } }, 'recovery.delayed of s: unknown option "round". Known options: rounds, first,'],
  [{ delayed: true }, "The options of recovery.delayed of s are not an object."],
  [{ delayed: null }, "The options of recovery.delayed of s are not an object."],
  [{ neverRetry: "X" }, "neverRetry is not a list"],
  [null, "The options of recovery of s are not an object."],
])("names every mistake in %j", (given, refusal) => {
  expect(() => checkRecovery(" of s", given)).toThrow(refusal);
});

it.each([
  { immediate: null },
  { immediate: "3" },
  { delayed: { jitter: "0.1" } },
  { delayed: { factor: null } },
])("refuses the values of a wrong type in %j", (given) => {
  expect(() => recoveryPolicy(given as never)).toThrow("[invalid-option]");
});
