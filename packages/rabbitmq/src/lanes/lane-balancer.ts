import type { Channel, ChannelModel } from "amqplib";
import { openChannel, type Channels } from "../connection/channels.ts";
import type { QueueConsumer } from "../consume/queue-consumer.ts";
import { membersName } from "../topology/names.ts";

/**
 * Spreads the lanes of a source over its members. Each member consumes from every lane, and RabbitMQ activates one consumer
 * of each lane while the others wait in line (single active consumer). RabbitMQ does not tell a consumer whether it is
 * active, but only the active one receives messages. A member that receives messages of more lanes than its share therefore
 * settles its deliveries and goes to the end of the line. This needs only the number of members. RabbitMQ counts only the
 * active consumer of a lane, so every member also consumes from an empty queue.
 */
export class LaneBalancer {
  readonly #channels: Channels;
  readonly #queue: string;
  #channel: Channel | undefined = undefined;

  /** @param name the common part of the names of the lanes */
  constructor(channels: Channels, name: string) {
    this.#channels = channels;
    this.#queue = membersName(name);
  }

  /** Adds this member to the count, on its present connection. */
  async join(model: ChannelModel): Promise<void> {
    if (this.#channel !== undefined) return;
    const channel: Channel = await openChannel(model, () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    this.#channel = channel;
    try {
      await channel.consume(this.#queue, () => undefined, { noAck: true });
    } catch (error) {
      this.#channel = undefined;
      throw error;
    }
  }

  async leave(): Promise<void> {
    await this.#channel?.close().catch(() => undefined);
  }

  /** Resolves with the lanes beyond this member's share, which it should close. */
  async lanesAboveShare(consumers: readonly QueueConsumer[]): Promise<readonly QueueConsumer[]> {
    const active = consumers.filter(({ isOpen, hasDelivered }) => isOpen && hasDelivered);
    if (active.length < 2) return [];
    const { consumerCount } = await this.#channels.run((channel) => channel.checkQueue(this.#queue));
    const share = Math.ceil(consumers.length / Math.max(1, consumerCount));
    return active.slice(0, Math.max(0, active.length - share));
  }
}
