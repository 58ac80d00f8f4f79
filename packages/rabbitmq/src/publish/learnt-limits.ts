import type { PublishFailure } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";

/**
 * The limits that RabbitMQ stated when it closed a channel. The adapter applies them before it writes the next message,
 * because a closed channel fails every message in flight.
 */
export class LearntLimits {
  /** The size limit of the server in bytes; infinite until the server states it. */
  largestMessage: number = Number.POSITIVE_INFINITY;
  readonly #forbidden = new Map<string, string>();

  /** Remembers the limit that a channel error states, if any. */
  learn({ message }: Error): void {
    const [, limit] = /larger than configured max size (\d+)/.exec(message) ?? [];
    if (limit !== undefined) this.largestMessage = Number(limit);
    const [, exchange] = /access to exchange '([^']*)'/.exec(message) ?? [];
    if (exchange !== undefined)
      this.#forbidden.set(exchange === "amq.default" ? "" : exchange, `${message}.`);
  }

  /** Returns why this user may not publish to an exchange, if RabbitMQ refused it before. */
  refusalOf(exchange: string): PublishFailure | undefined {
    if (this.#forbidden.size === 0) return undefined;
    const reason = this.#forbidden.get(exchange);
    return reason === undefined ? undefined : refusal("not-permitted", reason);
  }
}
