/**
 * For what is started now and awaited later: a failure in between is heard when it is awaited, and not at all when the
 * scenario has failed before that.
 */
export function meanwhile<T>(pending: Promise<T>): Promise<T> {
  pending.catch(() => undefined);
  return pending;
}
