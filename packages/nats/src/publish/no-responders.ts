import { refusal, describeThrown } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { isNotFound, isRefused } from "../errors.ts";

/**
 * Why nobody answered on a subject: there is no stream for it, or its stream has no leader at the moment. What cannot be
 * known, because the servers have no majority to say it, may pass too. Each subject is asked about once at a time, however
 * many messages wait to know.
 */
export class NoResponders {
  readonly #asked = new Map<string, Promise<PublishFailure>>();

  why(link: ServerLink | undefined, subject: string): Promise<PublishFailure> {
    const asked = this.#asked.get(subject) ?? this.#ask(link, subject);
    this.#asked.set(subject, asked);
    return asked;
  }

  async #ask(link: ServerLink | undefined, subject: string): Promise<PublishFailure> {
    try {
      const stream = await link?.jsm.streams.find(subject);
      return refusal("disconnected", `The stream ${stream} of ${subject} does not answer at the moment.`);
    } catch (error) {
      if (isNotFound(error)) return refusal("unroutable", `NATS has no stream for ${subject}.`);
      if (isRefused(error))
        return refusal("unroutable", `NATS has no stream for ${subject}, or does not say so.`, error);
      return refusal("disconnected", `Nobody knows of ${subject} now: ${describeThrown(error)}.`, error);
    } finally {
      this.#asked.delete(subject);
    }
  }
}
