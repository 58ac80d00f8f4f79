import { onProcessSignal } from "../runtime/signals.ts";
import type { Bus, StopOptions } from "./bus.ts";

export interface SignalOptions extends StopOptions {
  /** Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called when the bus has stopped; the place to end the process where something else keeps it alive. */
  readonly onStopped?: (signal: NodeJS.Signals) => void;
}

/** Stops a bus at the first signal; a second one ends the process as usual. Returns what ends the watch. */
export function stopOnSignals(bus: Pick<Bus, "stop">, options: SignalOptions = {}): () => void {
  const { signals = ["SIGTERM", "SIGINT"], onStopped, ...stop } = options;
  return onProcessSignal(signals, (signal) => {
    void bus.stop(stop).then(() => onStopped?.(signal));
  });
}
