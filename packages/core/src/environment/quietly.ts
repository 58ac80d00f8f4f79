/**
 * Calls back into the application where its answer does not matter: what the callback throws, and what the promise that it
 * gives rejects with, is ignored. Without this an unheard rejection would end the process.
 */
export function quietly(call: () => unknown): void {
  try {
    const answer = call();
    if (typeof answer === "object" && answer !== null && "then" in answer)
      Promise.resolve(answer).catch(ignore);
  } catch {
    // The caller's outcome stands, whatever a listener does.
  }
}

function ignore(): void {
  // as above
}
