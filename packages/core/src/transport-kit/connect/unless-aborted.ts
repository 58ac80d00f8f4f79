/** What the work comes to, or, once the signal aborts, a rejection with the error made of its reason. The work goes on unheard. */
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
