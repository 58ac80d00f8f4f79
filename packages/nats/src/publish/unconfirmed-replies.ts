import { STORED, type PublishResult } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";

type Settle = (result: PublishResult) => void;

/** The fate of what was under way when the link went. */
export const LOST: PublishResult = {
  ok: false,
  error: {
    code: "disconnected",
    message: "The connection to NATS was lost before it answered.",
    maybeStored: true,
  },
};

/**
 * Replies that were written to a link. They are core messages, which nobody acknowledges: the server has them once it has
 * read all that was written. Told earlier, a reply that went with its connection would be lost for good, for its request
 * is acknowledged on the next one.
 */
export class UnconfirmedReplies {
  #written: Settle[] = [];
  /** The link whose server is being asked. */
  #asked: ServerLink | undefined = undefined;

  add(settle: Settle, link: ServerLink): void {
    this.#written.push(settle);
    if (this.#asked !== link) void this.#makeSure(link);
  }

  /** The link is gone. */
  lose(): void {
    this.#asked = undefined;
    for (const settle of this.#written.splice(0)) settle(LOST);
  }

  /** One question at a time: what is written meanwhile waits for the next one. */
  async #makeSure(link: ServerLink): Promise<void> {
    this.#asked = link;
    while (this.#asked === link && this.#written.length > 0) {
      const replies = this.#written;
      const begin = (): void => void (this.#written = []);
      await link.writes.flushed(begin); // what is written until the question leaves belongs to it
      if (this.#written === replies) begin();
      const isRead = this.#asked === link && !link.nc.isClosed();
      for (const settle of replies) settle(isRead ? STORED : LOST);
    }
    if (this.#asked === link) this.#asked = undefined;
  }
}
