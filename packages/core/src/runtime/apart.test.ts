import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";
import { createAmbient } from "./ambient.ts";
import { apart } from "./apart.ts";

const storage = new AsyncLocalStorage<string>();

it("hides the caller's asynchronous context, now and later, except Waybill's ambient values", async () => {
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

it("hides a value that the call enters from its caller and from the next call, but not from the call itself", async () => {
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

it("returns the result of the call, and throws its error", () => {
  expect(apart((n: number) => n + 1, 1)).toBe(2);
  const fail = (text: string): never => {
    throw new Error(text);
  };
  expect(() => apart(fail, "no")).toThrow("no");
});

it("isolates a call inside another one, and after one that threw", () => {
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
