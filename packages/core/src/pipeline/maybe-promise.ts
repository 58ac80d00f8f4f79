/** A value now or later. Steps that need not wait do not make a promise: one costs more than most steps. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Whether a value comes later: anything that can be awaited. */
export function isLater(value: unknown): value is PromiseLike<unknown> {
  const canHave = (typeof value === "object" && value !== null) || typeof value === "function";
  return canHave && "then" in value && typeof value.then === "function";
}

/** Goes on with a value as soon as it is there: at once when it is. */
export function andThen<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
