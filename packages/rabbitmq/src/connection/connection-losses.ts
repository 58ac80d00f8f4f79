import type { Clock } from "@waybill/core/transport";

/** So many losses for one cause within this time are no accident, where the client or the broker gave the connection up. */
const MANY = 3;
/** As many where the line was cut: a network does that as well, but it cuts all lines. */
const MANY_CUTS = 5;
const WITHIN_MS = 60_000;
/** A line that is cut later than this after the start was not cut because of the first message. */
const CUT_EARLY_MS = 5_000;
/** The broker is stopped in order (AMQP 0-9-1 §1.2: connection-forced). */
const STOPPED = 320;

/** What is known of a connection that was lost. */
export interface Lost {
  /** How long it was in use. */
  readonly usedMs: number;
  /** Since when another connection to the same broker holds; absent where none does. */
  readonly otherSince: number | undefined;
}

/**
 * Counts how often a connection was lost for one cause. A message may be the cause that comes first again on the next
 * connection.
 */
export class ConnectionLosses {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();
  /** When the last connection was lost. */
  #previous: number | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes down a loss. True where losses repeat for one cause. */
  add(error: Error, lost: Lost): boolean {
    const now = this.#clock.now();
    const previous = this.#previous;
    this.#previous = now;
    if (codeOf(error) === STOPPED) return false;
    const many = isOurs(error) ? MANY : MANY_CUTS;
    if (many === MANY_CUTS && isOfNetwork(lost, previous)) {
      this.#times.clear();
      return false;
    }
    const cause = causeOf(error);
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

/** A network does not cut one connection again and again while the other holds. */
function isOfNetwork({ usedMs, otherSince }: Lost, previous: number | undefined): boolean {
  if (usedMs > CUT_EARLY_MS || otherSince === undefined) return true;
  return previous !== undefined && otherSince >= previous;
}

function isOurs(error: Error): boolean {
  if (typeof codeOf(error) === "number") return true;
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}
