import type { Clock } from "../../environment/clock.ts";

/** Resolves with the work or at the deadline, whichever comes first; never rejects. Leaves no timer behind. */
export function before(clock: Clock, deadline: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(deadline - clock.now(), resolve);
    const done = (): void => {
      cancel();
      resolve();
    };
    work.then(done, done);
  });
}
