import type { Cancel } from "@waybill/core/transport";
import { runningPort } from "../world/process.ts";
import type { PlatformPort } from "./platform-port.ts";

/** The timer object that simulated code gets for a timer of its run. */
class SimTimer {
  cancel: Cancel = () => undefined;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

type Timer = (run: (...call: unknown[]) => void, ms?: number, ...call: unknown[]) => unknown;

/** Returns a `setTimeout` that gives simulated code a timer in the time of its run. */
export function patchedTimeout(original: typeof setTimeout): Timer {
  return (run, ms = 0, ...call) => {
    const port = portOf("setTimeout");
    if (port === undefined) return original(run, ms, ...call);
    const timer = new SimTimer();
    timer.cancel = port.schedule(ms, () => run(...call));
    return timer;
  };
}

/** Returns a `setInterval` that gives simulated code an interval in the time of its run. It ends with its process. */
export function patchedInterval(original: typeof setInterval): Timer {
  return (run, ms = 0, ...call) => {
    const port = portOf("setInterval");
    if (port === undefined) return original(run, ms, ...call);
    const timer = new SimTimer();
    const again = (): void => {
      timer.cancel = port.schedule(Math.max(1, ms), () => {
        again();
        run(...call);
      });
    };
    again();
    return timer;
  };
}

/** Returns a `clearTimeout` or `clearInterval` that clears both real and simulated timers. */
export function patchedClear(original: (timer: never) => void): (timer: unknown) => void {
  return (timer) => (timer instanceof SimTimer ? timer.cancel() : original(timer as never));
}

function portOf(called: string): PlatformPort | undefined {
  const port = runningPort();
  if (port?.rule === "fail") port.reportViolation(called);
  return port?.rule === "patch" ? port : undefined;
}
