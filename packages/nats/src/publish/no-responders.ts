import { refusal, describeThrown } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { isNotFound, isRefused } from "../errors.ts";

/**
 * Explains why a publish had no responders: no stream takes the subject, or its stream has no leader at the moment.
 * Without a majority of servers the adapter cannot tell which, and reports a temporary failure. All messages to a
 * subject share one lookup.
 */
export class NoResponders {
  readonly #lookups = new Map<string, Promise<PublishFailure>>();

  explain(link: ServerLink | undefined, subject: string): Promise<PublishFailure> {
    const lookup = this.#lookups.get(subject) ?? this.#lookUp(link, subject);
    this.#lookups.set(subject, lookup);
    return lookup;
  }

  async #lookUp(link: ServerLink | undefined, subject: string): Promise<PublishFailure> {
    try {
      const stream = await link?.jsm.streams.find(subject);
      return refusal("disconnected", `Stream ${stream} of subject ${subject} has no leader at the moment.`);
    } catch (error) {
      if (isNotFound(error))
        return refusal("unroutable", `NATS has no stream for subject ${subject}: provision it.`);
      if (isRefused(error))
        return refusal(
          "unroutable",
          `NATS has no stream for subject ${subject}, or does not let this user look it up.`,
          error,
        );
      return refusal(
        "disconnected",
        `The stream of subject ${subject} cannot be looked up now: ${describeThrown(error)}.`,
        error,
      );
    } finally {
      this.#lookups.delete(subject);
    }
  }
}
