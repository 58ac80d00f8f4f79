/** A value, or a promise of it. Synchronous steps create no promise: one costs more than most steps. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Returns whether a value can be awaited: a promise of any library. */
export function isLater(value: unknown): value is PromiseLike<unknown> {
  const canHave = (typeof value === "object" && value !== null) || typeof value === "function";
  return canHave && "then" in value && typeof value.then === "function";
}

/** Calls `next` with a value: at once, or when its promise resolves. */
export function andThen<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
