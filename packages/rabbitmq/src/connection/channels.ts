import type { Channel, ChannelModel, ConfirmChannel } from "amqplib";
import { notConnected } from "../errors.ts";

/** The largest number of idle channels. More would not make a start faster. */
const MAX_IDLE = 8;

/**
 * Channels for existence checks and declarations. They carry no messages: RabbitMQ closes a channel on which an
 * operation fails, and every other operation on that channel fails too.
 */
export class Channels {
  readonly #model: () => ChannelModel | undefined;
  #idle: Channel[] = [];

  constructor(model: () => ChannelModel | undefined) {
    this.#model = model;
  }

  /** Runs `operation` on a channel of its own. Rejects as the operation does. @throws MessagingError `disconnected` */
  async run<Answer>(operation: (channel: Channel) => Promise<Answer>): Promise<Answer> {
    const channel = this.#idle.pop() ?? (await this.#open());
    const answer = await operation(channel); // RabbitMQ closes a channel that answers with an error
    if (this.#idle.length < MAX_IDLE) this.#idle.push(channel);
    else void channel.close().catch(() => undefined);
    return answer;
  }

  async #open(): Promise<Channel> {
    const model = this.#model();
    if (model === undefined) throw notConnected();
    const channel: Channel = await openChannel(model, () => {
      this.#idle = this.#idle.filter((idle) => idle !== channel);
    });
    return channel;
  }
}

/** The connections that are lost. */
const LOST = new WeakSet<ChannelModel>();

/** Records that a connection is lost. */
export function markLost(model: ChannelModel): void {
  LOST.add(model);
}

/**
 * Opens a channel and calls `onClose` when it closes. Rejects if the connection was lost before the caller could listen to
 * the channel. @throws MessagingError `disconnected`
 */
export async function openChannel(model: ChannelModel, onClose: () => void): Promise<Channel> {
  return watched(model, { channel: await model.createChannel(), onClose });
}

/** Opens a channel with publisher confirms, as {@link openChannel} does. */
export async function openConfirmChannel(model: ChannelModel, onClose: () => void): Promise<ConfirmChannel> {
  return watched(model, { channel: await model.createConfirmChannel(), onClose });
}

function watched<Kind extends Channel>(
  model: ChannelModel,
  { channel, onClose }: { readonly channel: Kind; readonly onClose: () => void },
): Kind {
  ignoreErrors(channel);
  if (LOST.has(model)) throw notConnected();
  channel.on("close", onClose);
  return channel;
}

/** Adds listeners for the events that would otherwise end the process. The caller receives the same errors as rejections. */
function ignoreErrors(channel: Channel): void {
  channel.on("error", () => undefined);
  channel.on("handler-error", () => undefined);
}
