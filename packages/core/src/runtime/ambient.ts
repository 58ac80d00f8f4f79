import { AsyncLocalStorage } from "node:async_hooks";

/** A value that follows a call through every await, without being passed along. */
export interface Ambient<Value> {
  run<Result>(value: Value, call: () => Result): Result;
  current(): Value | undefined;
}

export function createAmbient<Value>(): Ambient<Value> {
  const storage = new AsyncLocalStorage<Value>();
  return { run: (value, call) => storage.run(value, call), current: () => storage.getStore() };
}
