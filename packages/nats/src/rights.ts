import { MessagingError } from "@waybill/core/transport";
import type { Link } from "./connection.ts";
import type { Origin } from "./settlement.ts";

/**
 * Whether this user may consume. A server tells it of what was tried, and of that only: a user who may not ask for messages
 * would wait for ever, one who may not answer would get each again.
 */
export class Rights {
  /** What is being tried, and why it was refused. */
  readonly #tried = new Map<string, string | undefined>();

  /** Answers whether somebody waits to know. */
  refuse(subject: string, reason: string): boolean {
    const isTried = this.#tried.has(subject);
    if (isTried) this.#tried.set(subject, reason);
    return isTried;
  }

  /** Tries what consuming needs, so that it has no effect. The server refuses before it answers anything that is asked later. */
  tryToConsume({ nc, api }: Link, origin: Origin): Tried {
    const { stream, consumer } = origin;
    // Nobody is named to send messages to; and of the messages that are out, none is the 0th.
    const next = `${api}.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const answer = `$JS.ACK.${stream}.${consumer}.1.0.0.0.0`;
    const subjects = [next, answer];
    for (const subject of subjects) this.#tried.set(subject, undefined);
    if (!nc.isClosed()) {
      nc.publish(next);
      nc.publish(answer, "+WPI");
    }
    return { origin, subjects };
  }

  /** @throws MessagingError `not-permitted` where it was refused */
  check({ origin: { stream, consumer }, subjects }: Tried): void {
    const reason = subjects.map((subject) => this.#tried.get(subject)).find((text) => text !== undefined);
    for (const subject of subjects) this.#tried.delete(subject);
    if (reason !== undefined)
      throw new MessagingError("not-permitted", {
        what: `NATS does not let this user work with consumer ${consumer} of stream ${stream}: ${reason}.`,
        advice: "Allow publishing to $JS.API.CONSUMER.MSG.NEXT.> and $JS.ACK.>.",
      });
  }
}

interface Tried {
  readonly origin: Origin;
  readonly subjects: readonly string[];
}
