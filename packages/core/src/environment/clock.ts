/** Cancels a scheduled call; does nothing once it has run or was cancelled. */
export type Cancel = () => void;

/** The only source of time of the library. Tests and the simulator replace it. */
export interface Clock {
  /** Returns the milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once, `delayMs` milliseconds from now, after any delay and never early. */
  schedule(delayMs: number, run: () => void): Cancel;
}

/** The longest delay of a platform timer; a longer one would fire at once (WHATWG HTML, timers; Node.js timers). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, run) {
    let timer: NodeJS.Timeout;
    const wait = (remaining: number): void => {
      const step = Math.min(Math.max(0, Math.ceil(remaining)), LONGEST_TIMER_MS);
      timer = setTimeout(() => (remaining > step ? wait(remaining - step) : run()), step);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs` milliseconds of a clock. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });
}

/**
 * Resolves when the work settles or the deadline passes, whichever comes first. It never rejects and leaves no timer, which
 * would keep the process alive.
 * @param deadline milliseconds since the Unix epoch
 */
export function withDeadline(clock: Clock, deadline: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(Math.max(0, deadline - clock.now()), resolve);
    const done = (): void => {
      cancel();
      resolve();
    };
    void work.then(done, done);
  });
}

/**
 * Returns a function that formats times as RFC 3339 in UTC, each millisecond once, because formatting costs a
 * microsecond.
 */
export function createIsoTime(): (milliseconds: number) => string {
  let last = Number.NaN;
  let text = "";
  return (milliseconds) => {
    if (milliseconds !== last) {
      last = milliseconds;
      text = new Date(milliseconds).toISOString();
    }
    return text;
  };
}
