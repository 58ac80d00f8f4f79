/**
 * For adapters: resolves with the work, or rejects with `failure(reason)` once the signal aborts. Work that was aborted goes
 * on, and its outcome is ignored.
 */
export async function unlessAborted<Answer>(
  signal: AbortSignal,
  work: () => Promise<Answer>,
  failure: (reason: unknown) => Error,
): Promise<Answer> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(failure(signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([aborted, work()]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
