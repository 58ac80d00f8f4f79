import { AsyncLocalStorage } from "node:async_hooks";

/** A value that follows a call through every await, without being passed along. */
export interface Ambient<Value> {
  run<Argument, Result>(value: Value, call: (argument: Argument) => Result, argument: Argument): Result;
  current(): Value | undefined;
}

/** The values that are in force, one at most of each ambient: nothing grows where a call leads to the next without end. */
interface InForce {
  readonly of: object | symbol;
  readonly value: unknown;
  readonly others: InForce | undefined;
}

/** Where all copies of core in the process find the storage; the number changes when what is stored does. */
const STORAGE = Symbol.for("waybill.ambient.1");
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<InForce> };

/** One for all: before Node 24 each storage costs with every promise that is made. */
const storage = (shared[STORAGE] ??= new AsyncLocalStorage<InForce>());

/** @param of what the value belongs to; by default to this ambient alone, with a symbol to all ambients of that symbol */
export function createAmbient<Value>(of: object | symbol = {}): Ambient<Value> {
  return {
    run: (value, call, argument) =>
      storage.run({ of, value, others: without(storage.getStore(), of) }, call, argument),
    current: () => {
      let each = storage.getStore();
      while (each !== undefined && each.of !== of) each = each.others;
      return each?.value as Value | undefined; // only `run` of this ambient puts it there
    },
  };
}

function without(values: InForce | undefined, of: object | symbol): InForce | undefined {
  if (values === undefined || values.of === of) return values?.others;
  const others = without(values.others, of);
  return others === values.others ? values : { ...values, others };
}

/** The call, with the ambient values that are in force now in force when it is made elsewhere. */
export function kept<Argument, Result>(call: (argument: Argument) => Result): (argument: Argument) => Result {
  const inForce = storage.getStore();
  return inForce === undefined ? call : (argument) => storage.run(inForce, call, argument);
}
