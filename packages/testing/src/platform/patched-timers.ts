import type { Cancel } from "@waybill/core/transport";
import { runningPort } from "../world/process.ts";
import type { PlatformPort } from "./platform-port.ts";

/** What simulated code holds of a timer of the run. */
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

/** `setTimeout` in the time of the run, for simulated code. */
export function patchedTimeout(original: typeof setTimeout): Timer {
  return (run, ms = 0, ...call) => {
    const port = portOf("setTimeout");
    if (port === undefined) return original(run, ms, ...call);
    const timer = new SimTimer();
    timer.cancel = port.schedule(ms, () => run(...call));
    return timer;
  };
}

/** `setInterval` in the time of the run, for simulated code: it ends with its process. */
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

/** `clearTimeout` and `clearInterval` for timers of both kinds. */
export function patchedClear(original: (timer: never) => void): (timer: unknown) => void {
  return (timer) => (timer instanceof SimTimer ? timer.cancel() : original(timer as never));
}

function portOf(called: string): PlatformPort | undefined {
  const port = runningPort();
  if (port?.rule === "fail") port.reportViolation(called);
  return port?.rule === "patch" ? port : undefined;
}
