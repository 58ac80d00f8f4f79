import { AsyncLocalStorage } from "node:async_hooks";

/** A value that a call and everything it awaits can read without a parameter. */
export interface Ambient<Value> {
  run<Argument, Result>(value: Value, call: (argument: Argument) => Result, argument: Argument): Result;
  current(): Value | undefined;
}

/** The present values, at most one of each ambient, so that an endless chain of calls does not make the list grow. */
interface Present {
  readonly of: object | symbol;
  readonly value: unknown;
  readonly others: Present | undefined;
}

/**
 * The key under which all copies of core in a process find the storage. The number changes with the form of the
 * stored values.
 */
const STORAGE = Symbol.for("waybill.ambient.1");
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<Present> };

/** One storage for all ambients: before Node 24, each storage costs time with every created promise. */
const storage = (shared[STORAGE] ??= new AsyncLocalStorage<Present>());

/**
 * Returns an ambient.
 * @param of the key of its value. Ambients with the same symbol share one value; by default the value belongs to this
 * ambient alone.
 */
export function createAmbient<Value>(of: object | symbol = {}): Ambient<Value> {
  return {
    run: (value, call, argument) =>
      storage.run({ of, value, others: without(storage.getStore(), of) }, call, argument),
    current: () => {
      let each = storage.getStore();
      while (each !== undefined && each.of !== of) each = each.others;
      return each?.value as Value | undefined; // only `run` of this ambient stores it
    },
  };
}

function without(values: Present | undefined, of: object | symbol): Present | undefined {
  if (values === undefined || values.of === of) return values?.others;
  const others = without(values.others, of);
  return others === values.others ? values : { ...values, others };
}

/** Returns a function that makes a call with the ambient values that are present now, wherever it is called. */
export function kept<Argument, Result>(call: (argument: Argument) => Result): (argument: Argument) => Result {
  const present = storage.getStore();
  return present === undefined ? call : (argument) => storage.run(present, call, argument);
}
