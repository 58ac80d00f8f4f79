import type { Clock } from "@waybill/core/transport";

/** Resolves when the work is settled or the time is over, and leaves no timer: one would keep the process alive. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(Math.max(0, ms), resolve);
    const done = (): void => {
      cancel();
      resolve();
    };
    void work.then(done, done);
  });
}
