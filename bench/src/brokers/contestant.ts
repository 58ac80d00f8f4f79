/** One way to do the same work over the same broker: a bus, or the client by hand. */
export interface Contestant {
  readonly name: string;
  /** Publishes so many messages, a window of them at a time, until each is confirmed, handled and acknowledged. */
  throughput(count: number): Promise<void>;
  /** Asks so many questions, some at a time, until each is answered. */
  requests(count: number, concurrency: number): Promise<void>;
  stop(): Promise<void>;
}

/** How many messages are on their way to the broker at most. */
export const WINDOW = 512;
/** How many a consumer holds at most. */
export const PREFETCH = 256;

/** Keeps so many at work until all are done. */
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

/** Counts what is handled, up to a number. */
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
