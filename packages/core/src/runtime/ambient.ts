import { AsyncLocalStorage } from "node:async_hooks";

/** A value that follows a call through every await, without being passed along. */
export interface Ambient<Value> {
  run<Argument, Result>(value: Value, call: (argument: Argument) => Result, argument: Argument): Result;
  current(): Value | undefined;
}

export function createAmbient<Value>(): Ambient<Value> {
  const storage = new AsyncLocalStorage<Value>();
  return {
    run: (value, call, argument) => storage.run(value, call, argument),
    current: () => storage.getStore(),
  };
}
