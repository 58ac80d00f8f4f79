import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";
import { createAmbient } from "./ambient.ts";
import { apart } from "./apart.ts";

const storage = new AsyncLocalStorage<string>();

it("a call that runs apart never sees its caller's asynchronous context, except Waybill's ambient values", async () => {
  const ours = createAmbient<string>();
  const look = async (): Promise<unknown[]> => {
    const now = [storage.getStore(), ours.current()];
    await Promise.resolve();
    return [...now, storage.getStore(), ours.current()];
  };
  const seen = storage.run("the caller's", () =>
    ours.run("kept", (nothing) => apart(look, nothing), undefined),
  );
  expect(await seen).toEqual([undefined, "kept", undefined, "kept"]);
});

it("a value that the call stores by enterWith is visible to the call itself, and not to its caller or the next call", async () => {
  const enter = async (name: string): Promise<(string | undefined)[]> => {
    const before = storage.getStore();
    storage.enterWith(name);
    await Promise.resolve();
    return [before, storage.getStore()];
  };
  await storage.run("the caller's", async () => {
    const all = ["a", "b", "c"].map((name) => apart(enter, name));
    expect(storage.getStore()).toBe("the caller's");
    expect(await Promise.all(all)).toEqual([
      [undefined, "a"],
      [undefined, "b"],
      [undefined, "c"],
    ]);
    expect(storage.getStore()).toBe("the caller's");
  });
});

it("the caller gets the result or the error of the call", () => {
  expect(apart((n: number) => n + 1, 1)).toBe(2);
  const fail = (text: string): never => {
    throw new Error(text);
  };
  expect(() => apart(fail, "no")).toThrow("no");
});

it("a call inside another one, or after one that threw, is isolated too", () => {
  const enter = (name: string): void => storage.enterWith(name);
  const failing = (name: string): never => {
    storage.enterWith(name);
    throw new Error(name);
  };
  const look = (): string | undefined => storage.getStore();
  const nested = apart((): (string | undefined)[] => {
    storage.enterWith("outer");
    const inner = apart(look, undefined);
    apart(enter, "inner");
    return [inner, storage.getStore(), apart(look, undefined)];
  }, undefined);
  expect(nested).toEqual([undefined, "outer", undefined]);
  expect(() => apart(failing, "thrown")).toThrow("thrown");
  expect(apart(look, undefined)).toBeUndefined();
});
