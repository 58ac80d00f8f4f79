import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createAmbient, type Ambient } from "./ambient.ts";

const [one, other] = [createAmbient<string>(), createAmbient<string>()];
const both = (): readonly unknown[] => [one.current(), other.current()];
const within = <Result>(ambient: Ambient<string>, value: string, call: () => Result): Result =>
  ambient.run(value, call, undefined);

it("an ambient value is visible in a call and in everything it awaits, and ends with the call", async () => {
  const inside = within(one, "a", async () => {
    await Promise.resolve();
    return one.current();
  });
  expect(one.current()).toBeUndefined();
  expect(await inside).toBe("a");
});

it("ambients keep each other's values, in any order of nesting", () => {
  within(one, "a", () =>
    within(other, "b", () => {
      expect(both()).toEqual(["a", "b"]);
      within(one, "c", () => {
        expect(both()).toEqual(["c", "b"]);
        within(other, "d", () => expect(both()).toEqual(["c", "d"]));
      });
      expect(both()).toEqual(["a", "b"]);
    }),
  );
  expect(both()).toEqual([undefined, undefined]);
});

it("a replaced value is released, in a chain of any number of calls", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const row = createAmbient<object>();
  const last = {};
  let release: () => void = () => undefined;
  let replaced: WeakRef<object> | undefined;
  const waiting = new Promise<object | undefined>((resolve) => {
    const first = {};
    replaced = new WeakRef(first);
    const stay = (): Promise<void> =>
      new Promise<void>((go) => (release = go)).then(() => resolve(row.current()));
    row.run(first, () => queueMicrotask(() => void row.run(last, stay, undefined)), undefined);
  });
  await setImmediate();
  collect();
  expect(replaced?.deref()).toBeUndefined();
  release();
  expect(await waiting).toBe(last);
});
