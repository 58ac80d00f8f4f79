import type { Clock } from "@waybill/core/transport";

/** So many losses for one cause within this time are no accident, where the client or the broker gave the connection up. */
const MANY = 3;
/** As many where the line was cut: a network does that as well. */
const MANY_CUTS = 5;
const WITHIN_MS = 60_000;
/** A line that is cut later than this after the start was not cut because of the first message. */
const CUT_EARLY_MS = 5_000;
/** The broker is stopped in order (AMQP 0-9-1 §1.2: connection-forced). */
const STOPPED = 320;

/**
 * Counts how often a connection was lost for one cause. A message may be the cause that comes first again on the next
 * connection.
 */
export class Losses {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes down the loss of a connection that was in use for `usedMs`. True where losses repeat for one cause. */
  add(error: Error, usedMs: number): boolean {
    const many = isOurs(error) ? MANY : MANY_CUTS;
    if (codeOf(error) === STOPPED || (many === MANY_CUTS && usedMs > CUT_EARLY_MS)) return false;
    const cause = causeOf(error);
    const now = this.#clock.now();
    const times = [...(this.#times.get(cause) ?? []), now].filter((at) => at > now - WITHIN_MS);
    this.#times.clear(); // another cause ends the row
    this.#times.set(cause, times);
    return times.length >= many;
  }
}

/** Equal for errors of one cause: messages of errors quote channels and contents, which differ. */
export function causeOf(error: Error): string {
  return `${error.name} ${String(codeOf(error))} ${error.message.replaceAll(/\d+/g, "#").slice(0, 30)}`;
}

function isOurs(error: Error): boolean {
  if (typeof codeOf(error) === "number") return true;
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}
