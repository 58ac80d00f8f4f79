/** A program that does the same work over the same broker: a bus, or the client by hand. */
export interface Contestant {
  readonly name: string;
  /** Publishes `count` messages, a window of them at a time; resolves when each is confirmed and handled. */
  throughput(count: number): Promise<void>;
  /** Sends `count` requests, `concurrency` at a time; resolves when each has its reply. */
  requests(count: number, concurrency: number): Promise<void>;
  stop(): Promise<void>;
}

/** The greatest number of unconfirmed messages. */
export const WINDOW = 512;
/** The greatest number of unacknowledged messages of a consumer. */
export const PREFETCH = 256;

/** Runs `work` for each number below `count`, `window` of them concurrently. */
export async function inWindows(
  count: number,
  window: number,
  work: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
}

/** Counts handled messages up to a number. */
export class Countdown {
  #left = 0;
  #finish: () => void = () => undefined;

  start(count: number): Promise<void> {
    this.#left = count;
    return new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  readonly one = (): void => {
    this.#left -= 1;
    if (this.#left === 0) this.#finish();
  };
}
