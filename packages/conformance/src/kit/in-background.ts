/**
 * Marks a promise that is awaited later, so that an earlier rejection does not count as unhandled. The rejection is
 * lost only if the scenario fails before it awaits the promise.
 */
export function inBackground<T>(pending: Promise<T>): Promise<T> {
  pending.catch(() => undefined);
  return pending;
}
