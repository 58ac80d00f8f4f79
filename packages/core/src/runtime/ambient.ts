import { AsyncLocalStorage } from "node:async_hooks";

/** A value that follows a call through every await, without being passed along. */
export interface Ambient<Value> {
  run<Argument, Result>(value: Value, call: (argument: Argument) => Result, argument: Argument): Result;
  current(): Value | undefined;
}

/** The values that are in force, one at most of each ambient: nothing grows where a call leads to the next without end. */
interface InForce {
  readonly of: object;
  readonly value: unknown;
  readonly others: InForce | undefined;
}

/** One for all: before Node 24 each storage costs with every promise that is made. */
const storage = new AsyncLocalStorage<InForce>();

export function createAmbient<Value>(): Ambient<Value> {
  const of = {};
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

function without(values: InForce | undefined, of: object): InForce | undefined {
  if (values === undefined || values.of === of) return values?.others;
  const others = without(values.others, of);
  return others === values.others ? values : { ...values, others };
}
