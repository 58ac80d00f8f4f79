import { STORED, type PublishResult } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";

type Settle = (result: PublishResult) => void;

/** The result of a message that was unconfirmed when the link was lost. */
export const LOST: PublishResult = {
  ok: false,
  error: {
    code: "disconnected",
    message: "The connection to NATS was lost before NATS confirmed the message.",
    maybeStored: true,
  },
};

/**
 * Replies that were written to a link and that the server may not have read. They are core NATS messages, which the server
 * does not confirm. It has received them once it has read all bytes of the link. A reply that was reported as sent before
 * that and lost with its connection would be lost for good, because its request is acknowledged on the next connection.
 */
export class UnconfirmedReplies {
  #written: Settle[] = [];
  /** The link whose server is being asked whether it has read the replies. */
  #asked: ServerLink | undefined = undefined;

  add(settle: Settle, link: ServerLink): void {
    this.#written.push(settle);
    if (this.#asked !== link) void this.#confirm(link);
  }

  /** Settles all replies as maybe sent, because the link is lost. */
  lose(): void {
    this.#asked = undefined;
    for (const settle of this.#written.splice(0)) settle(LOST);
  }

  /**
   * Asks the server whether it has read the replies, one question at a time. A reply that is written meanwhile waits
   * for the next question.
   */
  async #confirm(link: ServerLink): Promise<void> {
    this.#asked = link;
    while (this.#asked === link && this.#written.length > 0) {
      const replies = this.#written;
      const begin = (): void => void (this.#written = []);
      await link.writes.flushed(begin); // the answer also covers replies that are written before the question leaves
      if (this.#written === replies) begin();
      const isRead = this.#asked === link && !link.nc.isClosed();
      for (const settle of replies) settle(isRead ? STORED : LOST);
    }
    if (this.#asked === link) this.#asked = undefined;
  }
}
