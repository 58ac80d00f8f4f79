import { constants } from "node:os";

/** Names that some systems lack, for programs that run on several. */
const USUAL = ["SIGBREAK", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"];
const DEADLY = new Set<unknown>(["SIGKILL", "SIGSTOP"]);
const KNOWN = new Set<unknown>([...USUAL, ...Object.keys(constants.signals)]);

/** Whether a process can be told of it: anything else would be waited for in vain, or throw. */
export function isCatchable(signal: unknown): boolean {
  return KNOWN.has(signal) && !DEADLY.has(signal);
}

/** Calls `run` once, at the first of the given process signals; returns what ends the watch. */
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
