import type { Channel, ChannelModel } from "amqplib";
import { openChannel, type Channels } from "../connection/channels.ts";
import type { QueueConsumer } from "../consume/queue-consumer.ts";
import { membersName } from "../topology/names.ts";

/**
 * How lanes spread over the members of a source. Each member consumes from every lane, and the broker makes one of them
 * active while the others wait in line (RabbitMQ: single active consumer). A consumer is not told whether it is active, but
 * one that is gets messages. So who got messages of more lanes than its share finishes what is out and goes to the end
 * of the line, until the lanes lie evenly. It works on every version and needs nothing but the number of members: of a
 * single active consumer queue RabbitMQ counts the active one only, so all consume from an empty queue besides.
 */
export class LaneBalancer {
  readonly #channels: Channels;
  readonly #queue: string;
  #channel: Channel | undefined = undefined;

  /** @param name what the lanes have in common */
  constructor(channels: Channels, name: string) {
    this.#channels = channels;
    this.#queue = membersName(name);
  }

  /** Counts this member in, on its present connection. */
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

  /** The lanes that this member should let go of. */
  async excess(consumers: readonly QueueConsumer[]): Promise<readonly QueueConsumer[]> {
    const held = consumers.filter(({ isOpen, hasDelivered }) => isOpen && hasDelivered);
    if (held.length < 2) return [];
    const { consumerCount } = await this.#channels.run((channel) => channel.checkQueue(this.#queue));
    const share = Math.ceil(consumers.length / Math.max(1, consumerCount));
    return held.slice(0, Math.max(0, held.length - share));
  }
}
