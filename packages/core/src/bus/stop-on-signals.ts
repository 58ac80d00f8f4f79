import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { toMilliseconds } from "../environment/duration.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import { quietly } from "../environment/quietly.ts";
import { isCatchable, onProcessSignal } from "../runtime/signals.ts";
import type { Bus, StopOptions } from "./bus.ts";

export interface SignalOptions extends StopOptions {
  /** Default: SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called when the bus has stopped: end the process here when something else keeps it alive. */
  readonly onStopped?: (signal: NodeJS.Signals) => void;
}

const KINDS: OptionKinds<SignalOptions> = { signals: "any", onStopped: "any", timeout: "any" };

/**
 * Stops a bus at the first signal; a second signal ends the process as usual. Returns a function that stops listening.
 * @throws MessagingError `invalid-option`, `invalid-duration`: options are checked now, not when the signal comes
 */
export function stopOnSignals(bus: Pick<Bus, "stop">, options: SignalOptions = {}): () => void {
  const {
    signals = ["SIGTERM", "SIGINT"],
    onStopped,
    timeout,
  } = checkOptions<SignalOptions>("stopOnSignals", options, KINDS);
  if (timeout !== undefined) toMilliseconds(timeout, "timeout of stopOnSignals");
  const isList: boolean = Array.isArray(signals); // JavaScript callers
  const isEmpty = !isList || signals.length === 0;
  if (isEmpty || !signals.every(isCatchable))
    throw invalidOption(
      "The option signals of stopOnSignals is not a list of signals that a process can catch.",
      "Give names such as 'SIGTERM'; a process cannot catch SIGKILL and SIGSTOP.",
    );
  if (onStopped !== undefined && typeof onStopped !== "function")
    throw invalidOption(
      "The option onStopped of stopOnSignals is not a function.",
      "Give a function, or leave it out.",
    );
  const stopped = (signal: NodeJS.Signals): void => quietly(() => onStopped?.(signal));
  return onProcessSignal(signals, (signal) => {
    const ended = (): void => stopped(signal);
    bus.stop(timeout === undefined ? {} : { timeout }).then(ended, ended);
  });
}

function invalidOption(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice });
}
