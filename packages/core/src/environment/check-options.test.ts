import { expect, it } from "vitest";
import { checkOptions, type OptionKinds } from "./check-options.ts";

interface Options {
  readonly user?: string;
  readonly seconds?: number;
  readonly size?: number;
  readonly isLoud?: boolean;
  readonly tls?: object;
  readonly mode?: "fast" | "safe";
  readonly all?: readonly unknown[];
  readonly warn?: () => void;
  readonly extra?: unknown;
}
const KINDS: OptionKinds<Options> = {
  user: "text",
  seconds: "positive",
  size: "count",
  isLoud: "flag",
  tls: "group",
  mode: ["fast", "safe"],
  all: "list",
  warn: "function",
  extra: "any",
};

it("returns correct options as they were given", () => {
  const given = {
    user: "a",
    seconds: 0.5,
    size: 3,
    isLoud: false,
    tls: {},
    mode: "safe",
    all: [],
    extra: [],
  };
  expect(checkOptions("rabbitmq", given, KINDS)).toBe(given);
  expect(checkOptions("rabbitmq", { user: undefined }, KINDS)).toEqual({ user: undefined });
});

it("names all problems at once, and prints no value", () => {
  const given = {
    user: 1,
    seconds: "secret",
    size: 0.5,
    isLoud: "no",
    tls: [],
    mode: "x",
    all: {},
    warn: "x",
    toString: 1,
  };
  expect(() => checkOptions("rabbitmq", given, KINDS)).toThrow(
    'rabbitmq: user is not a string; seconds is not a number above 0; size is not a whole number from 1; isLoud is not true or false; tls is not an object; mode is not one of fast, safe; all is not a list; warn is not a function; unknown option "toString". Known options: user, seconds, size, isLoud, tls, mode, all, warn, extra. [invalid-option]',
  );
});

it("says when there are no options", () => {
  expect(() => checkOptions("memory", { size: 1 }, {})).toThrow('unknown option "size". It has no options');
});

it("accepts absent options, and refuses a value that is no object", () => {
  expect(checkOptions("rabbitmq", undefined, KINDS)).toEqual({});
  for (const wrong of [null, "secret", 3, [], () => undefined])
    expect(() => checkOptions("rabbitmq", wrong, KINDS)).toThrow(
      "The options of rabbitmq are not an object. Give an object of options, or leave them out. [invalid-option]",
    );
});
