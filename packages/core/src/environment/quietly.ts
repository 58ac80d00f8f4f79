/**
 * Calls a callback of the application and ignores what it throws or what its promise rejects with. An unhandled rejection
 * would end the process.
 */
export function quietly(call: () => unknown): void {
  try {
    const result = call();
    if (typeof result === "object" && result !== null && "then" in result)
      Promise.resolve(result).catch(ignore);
  } catch {
    // A callback that throws must not affect its caller.
  }
}

function ignore(): void {
  // as above
}
