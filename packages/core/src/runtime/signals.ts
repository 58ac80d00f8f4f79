import { constants } from "node:os";

/** Signals that some systems lack, for programs that run on several systems. */
const COMMON = ["SIGBREAK", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];
const UNCATCHABLE = new Set<unknown>(["SIGKILL", "SIGSTOP"]);
const KNOWN = new Set<unknown>([...COMMON, ...Object.keys(constants.signals)]);

/**
 * Returns whether a process can handle a signal. A listener for any other value would never be called, or would
 * throw.
 */
export function isCatchable(signal: unknown): boolean {
  return KNOWN.has(signal) && !UNCATCHABLE.has(signal);
}

/** Calls `run` once, at the first of the given process signals. Returns a function that removes the listeners. */
export function onProcessSignal(
  signals: readonly NodeJS.Signals[],
  run: (signal: NodeJS.Signals) => void,
): () => void {
  const stop = (): void => {
    for (const signal of signals) process.off(signal, once);
  };
  const once = (signal: NodeJS.Signals): void => {
    stop();
    run(signal);
  };
  for (const signal of signals) process.on(signal, once);
  return stop;
}
