import type { Channel, ChannelModel, ConfirmChannel } from "amqplib";
import { notConnected } from "../errors.ts";

/** Most operations of a start run side by side; more channels than this would not make it faster. */
const MOST_SPARE = 8;

/**
 * Channels for questions and declarations, apart from those that carry messages: the broker closes a channel on which
 * something was missing or refused, and with it fails all that was open on it.
 */
export class Channels {
  readonly #model: () => ChannelModel | undefined;
  #spare: Channel[] = [];

  constructor(model: () => ChannelModel | undefined) {
    this.#model = model;
  }

  /** Runs `operation` on a channel of its own. @throws MessagingError `disconnected`, and what the operation rejects with */
  async run<Answer>(operation: (channel: Channel) => Promise<Answer>): Promise<Answer> {
    const channel = this.#spare.pop() ?? (await this.#open());
    const answer = await operation(channel); // a channel that answered with an error is closed, and dropped
    if (this.#spare.length < MOST_SPARE) this.#spare.push(channel);
    else void channel.close().catch(() => undefined);
    return answer;
  }

  async #open(): Promise<Channel> {
    const model = this.#model();
    if (model === undefined) throw notConnected();
    const channel: Channel = await openChannel(model, () => {
      this.#spare = this.#spare.filter((spare) => spare !== channel);
    });
    return channel;
  }
}

/** Connections that are gone. */
const LOST = new WeakSet<ChannelModel>();

export function markLost(model: ChannelModel): void {
  LOST.add(model);
}

/**
 * A channel whose end is always told. A connection may be lost between the broker's answer and the moment when anybody
 * can listen to the channel, which then ends unheard. @throws MessagingError `disconnected`
 */
export async function openChannel(model: ChannelModel, onClose: () => void): Promise<Channel> {
  return watched(model, { channel: await model.createChannel(), onClose });
}

/** The same, confirming what is published on it. */
export async function openConfirmChannel(model: ChannelModel, onClose: () => void): Promise<ConfirmChannel> {
  return watched(model, { channel: await model.createConfirmChannel(), onClose });
}

function watched<Kind extends Channel>(
  model: ChannelModel,
  { channel, onClose }: { readonly channel: Kind; readonly onClose: () => void },
): Kind {
  hushed(channel);
  if (LOST.has(model)) throw notConnected();
  channel.on("close", onClose);
  return channel;
}

/** With listeners for the events that would otherwise end the process; what they tell reaches its caller as a rejection. */
function hushed(channel: Channel): void {
  channel.on("error", () => undefined);
  channel.on("handler-error", () => undefined);
}
