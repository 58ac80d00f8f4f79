/**
 * Marks a promise that is awaited later: a rejection before that is no unhandled rejection. The rejection is lost only
 * when the scenario fails before it awaits the promise.
 */
export function inBackground<T>(pending: Promise<T>): Promise<T> {
  pending.catch(() => undefined);
  return pending;
}
