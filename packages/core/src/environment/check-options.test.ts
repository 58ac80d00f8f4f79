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
  readonly tell?: () => void;
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
  tell: "function",
  extra: "any",
};

it("passes on what is right, as it was given", () => {
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
  expect(checkOptions("a broker", given, KINDS)).toBe(given);
  expect(checkOptions("a broker", { user: undefined }, KINDS)).toEqual({ user: undefined });
});

it("names everything that is wrong at once, and prints no value", () => {
  const given = {
    user: 1,
    seconds: "secret",
    size: 0.5,
    isLoud: "no",
    tls: [],
    mode: "x",
    all: {},
    tell: "x",
    toString: 1,
  };
  expect(() => checkOptions("a broker", given, KINDS)).toThrow(
    "Options of a broker: user is not a text; seconds is not a number above 0; size is not a whole number from 1; isLoud is not true or false; tls is not an object; mode is not one of fast, safe; all is not a list; tell is not a function; there is no toString. There are user, seconds, size, isLoud, tls, mode, all, tell, extra. [invalid-option]",
  );
});

it("says so where there are none", () => {
  expect(() => checkOptions("memory", { size: 1 }, {})).toThrow("there is no size. There are none: leave");
});

it("takes no options at all for none, and refuses what is no object", () => {
  expect(checkOptions("a broker", undefined, KINDS)).toEqual({});
  for (const wrong of [null, "secret", 3, [], () => undefined])
    expect(() => checkOptions("a broker", wrong, KINDS)).toThrow(
      "The options of a broker are not an object. Give an object of options, or leave them out. [invalid-option]",
    );
});
