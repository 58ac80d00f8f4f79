import type { Clock } from "@waybill/core/transport";

/** So many losses for one reason within this time are no accident. */
const MANY = 3;
const WITHIN_MS = 60_000;
/** The broker is stopped in order (AMQP 0-9-1 §1.2: connection-forced). */
const STOPPED = 320;

/**
 * How often a connection was lost for one reason that is no accident of the network: the client or the broker gave it up
 * because of something that was said on it. It may be a message that comes first again on the next one.
 */
export class Losses {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes down a loss. True where it was the same reason again and again. */
  add(error: Error): boolean {
    if (!isOurs(error)) return false;
    const now = this.#clock.now();
    const times = [...(this.#times.get(error.message) ?? []), now].filter((at) => at > now - WITHIN_MS);
    this.#times.clear(); // another reason ends the row
    this.#times.set(error.message, times);
    return times.length >= MANY;
  }
}

function isOurs(error: Error): boolean {
  if ("code" in error && typeof error.code === "number") return error.code !== STOPPED;
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}
