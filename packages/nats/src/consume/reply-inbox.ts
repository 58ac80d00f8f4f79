import type { Msg, Subscription } from "@nats-io/transport-node";
import type { ReplyInbox, WireMessage } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";
import { readMessage } from "../wire/message.ts";

/** The inbox for replies to this process. Each new connection subscribes to it again under the same address. */
export class NatsReplyInbox implements ReplyInbox {
  readonly address: string;
  readonly #onReply: (message: WireMessage) => void;
  #subscription: Subscription | undefined = undefined;
  #isClosed = false;

  constructor(address: string, onReply: (message: WireMessage) => void) {
    this.address = address;
    this.#onReply = onReply;
  }

  open({ nc }: ServerLink): void {
    this.#subscription = nc.subscribe(
      this.address,
      messagesOnly((msg) => this.#receive(msg)),
    );
  }

  /** Opens the inbox. Resolves once the server delivers replies to it. */
  async opened(link: ServerLink): Promise<void> {
    this.open(link);
    await link.writes.flushed();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#subscription?.unsubscribe();
  }

  #receive(msg: Msg): void {
    const { address } = this;
    if (!this.#isClosed)
      this.#onReply(
        readMessage(msg, { destination: { kind: "reply", address }, lane: undefined, now: 0 }).message,
      );
  }
}
