import type { Clock } from "@waybill/core/transport";

/** The number of losses within a minute that counts as repeated, for errors of the client or the broker. */
const ERROR_LIMIT = 3;
/**
 * The number of cuts within a minute that counts as repeated. It is higher than for errors, because a network failure
 * cuts connections too.
 */
const CUT_LIMIT = 5;
const PERIOD_MS = 60_000;
/** A connection that is cut after this time was not cut because of the first message on it. */
const EARLY_CUT_MS = 5_000;
/** The broker shuts down (AMQP 0-9-1 §1.2: connection-forced). */
const CONNECTION_FORCED = 320;

/** The times of a lost connection. */
export interface LossDetails {
  /** The time for which the connection was in use. */
  readonly usedMs: number;
  /** The time since which the other connection is in use; undefined while it is not. */
  readonly otherUsedSince: number | undefined;
}

/**
 * Counts the losses of a connection by cause. Repeated losses may come from a poison message: RabbitMQ delivers it
 * first on every new connection.
 */
export class ConnectionLosses {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();
  /** The time of the previous loss. */
  #previous: number | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a loss. Returns true if losses repeat for one cause. */
  add(error: Error, lost: LossDetails): boolean {
    const now = this.#clock.now();
    const previous = this.#previous;
    this.#previous = now;
    if (codeOf(error) === CONNECTION_FORCED) return false;
    const limit = isProtocolError(error) ? ERROR_LIMIT : CUT_LIMIT;
    if (limit === CUT_LIMIT && isNetworkLoss(lost, previous)) {
      this.#times.clear();
      return false;
    }
    const cause = causeOf(error);
    const times = [...(this.#times.get(cause) ?? []), now].filter((at) => at > now - PERIOD_MS);
    this.#times.clear(); // another cause starts the count again
    this.#times.set(cause, times);
    return times.length >= limit;
  }
}

/** Returns a key that is equal for errors with one cause, even if their messages quote different channels and contents. */
export function causeOf(error: Error): string {
  return `${error.name} ${String(codeOf(error))} ${error.message.replaceAll(/\d+/g, "#").slice(0, 30)}`;
}

/**
 * Whether the network may be the cause. A network failure does not cut one connection repeatedly while the other one
 * holds.
 */
function isNetworkLoss({ usedMs, otherUsedSince }: LossDetails, previous: number | undefined): boolean {
  if (usedMs > EARLY_CUT_MS || otherUsedSince === undefined) return true;
  return previous !== undefined && otherUsedSince >= previous;
}

/** Whether RabbitMQ or amqplib reported an error, in contrast to a cut connection. */
function isProtocolError(error: Error): boolean {
  if (typeof codeOf(error) === "number") return true;
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}
