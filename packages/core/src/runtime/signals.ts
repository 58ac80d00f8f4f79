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
