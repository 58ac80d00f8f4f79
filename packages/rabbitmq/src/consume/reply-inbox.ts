import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { Random, ReplyInbox, WireMessage } from "@waybill/core/transport";
import { openChannel } from "../connection/channels.ts";
import { isLocked } from "../errors.ts";
import { newReplyAddress } from "../wire/reply-address.ts";
import { readMessage } from "../wire/message.ts";

/**
 * An exclusive queue on the consuming connection; RabbitMQ deletes it with the connection. The next connection declares it
 * under the same name, or under a new one while RabbitMQ keeps the old queue for a connection that it believes to be alive.
 * Callers therefore read the address for each request.
 */
export class RabbitmqReplyInbox implements ReplyInbox {
  address: string;
  readonly #random: Random;
  readonly #onReply: (message: WireMessage) => void;
  #channel: Channel | undefined = undefined;
  #isClosed = false;

  constructor(random: Random, onReply: (message: WireMessage) => void) {
    this.#random = random;
    this.#onReply = onReply;
    this.address = newReplyAddress(random);
  }

  async open(model: ChannelModel): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#declare(model);
    } catch (error) {
      if (!isLocked(error)) throw error;
      this.address = newReplyAddress(this.#random);
      await this.#declare(model);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const channel = this.#channel;
    this.#channel = undefined;
    if (channel === undefined) return;
    // RabbitMQ has deleted the queue already if the connection was lost.
    await channel.deleteQueue(this.address).catch(() => undefined);
    await channel.close().catch(() => undefined);
  }

  async #declare(model: ChannelModel): Promise<void> {
    const channel: Channel = await openChannel(model, () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
    const { address } = this;
    await channel.assertQueue(address, { exclusive: true, durable: false, autoDelete: true });
    await channel.consume(address, (raw) => this.#receive(raw, address), { noAck: true });
  }

  #receive(raw: ConsumeMessage | null, address: string): void {
    if (raw === null || this.#isClosed) return;
    this.#onReply(readMessage(raw, { kind: "reply", address }, undefined).message);
  }
}
