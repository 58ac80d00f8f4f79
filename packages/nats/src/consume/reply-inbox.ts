import type { Msg, Subscription } from "@nats-io/transport-node";
import type { ReplyInbox, WireMessage } from "@waybill/core/transport";
import { heard, type ServerLink } from "../connection/connection.ts";
import { read } from "../wire/message.ts";

/** A subject that this process alone subscribes to. A new connection brings it back under its name. */
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
      heard((msg) => this.#receive(msg)),
    );
  }

  /** Resolves once replies are seen. */
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
      this.#onReply(read(msg, { destination: { kind: "reply", address }, lane: undefined, now: 0 }).message);
  }
}
