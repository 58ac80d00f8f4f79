import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { HEADER, sleep, type Ground, type Headers, type PublishFailure } from "@waybill/core/transport";
import { openChannel, type Channels } from "./channels.ts";
import type { Existence } from "./existence.ts";
import { UNDELIVERED, deadLettersName, laneIn, placeIn } from "./names.ts";
import type { Publisher } from "./publisher.ts";
import { toPlace, toQueue, type Entity } from "./routes.ts";
import { attemptsNoted, forwardedProperties, placeNoted } from "./wire.ts";

/** How long a message waits that can be stored nowhere at the moment. */
const PAUSE_MS = 250;
/** How many are on their way to this process. */
const PREFETCH = 100;

export interface UndeliveredOptions {
  readonly publisher: Publisher;
  readonly channels: Channels;
  readonly existence: Existence;
  readonly ground: Ground;
  readonly tell: (notice: string) => void;
}

/**
 * Takes care of the messages that came due for a place without a binding. Where the place exists they are taken there by
 * its name: it was never bound, or its binding is gone. Where it does not exist they become dead letters of
 * `waybill.undelivered`. One process at a time works on them, in their order.
 */
export class Undelivered {
  readonly #options: UndeliveredOptions;
  #channel: Channel | undefined = undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: UndeliveredOptions) {
    this.#options = options;
  }

  /** Idempotent. Never rejects: a broker without the queue, or a user who may not read it, leaves the messages where they are. */
  async open(model: ChannelModel): Promise<void> {
    if (this.#channel !== undefined) return;
    const { existence, tell } = this.#options;
    try {
      if (!(await existence.check({ kind: "queue", name: UNDELIVERED }))) return tell(NOT_CAUGHT);
      const channel: Channel = await openChannel(model, () => {
        if (this.#channel === channel) this.#channel = undefined;
      });
      this.#channel = channel;
      await channel.prefetch(PREFETCH);
      await channel.consume(UNDELIVERED, (raw) => this.#take(channel, raw));
    } catch {
      // The connection went, or this user may not read the queue: another process does, or the next connection.
      this.#channel = undefined;
    }
  }

  #take(channel: Channel, raw: ConsumeMessage | null): void {
    if (raw === null) {
      void channel.close().catch(() => undefined);
      return;
    }
    this.#work = this.#work.then(() => this.#pass(channel, raw)).catch(() => undefined);
  }

  /** Acknowledges the message once it is stored elsewhere. */
  async #pass(channel: Channel, raw: ConsumeMessage): Promise<void> {
    const { ground, tell } = this.#options;
    const place = placeOf(raw);
    while (this.#channel === channel) {
      const failure = place === undefined ? NO_PLACE : await this.#deliver(place, raw);
      if (failure === undefined) return channel.ack(raw);
      if (!isPassing(failure)) {
        if (await this.#bury(raw, place, failure)) return channel.ack(raw);
        tell(
          `RabbitMQ does not take the dead letters of ${UNDELIVERED}: look at queue ${deadLettersName(
            UNDELIVERED,
          )}.`,
        );
      }
      await sleep(ground.clock, PAUSE_MS);
    }
  }

  async #deliver(place: Entity, raw: ConsumeMessage): Promise<PublishFailure | undefined> {
    const result = await this.#options.publisher.forward(toPlace(place), {
      content: raw.content,
      properties: forwardedProperties(raw, {
        headers: {},
        attempts: attemptsNoted(raw),
      }),
    });
    return result.ok ? undefined : result.error;
  }

  async #bury(raw: ConsumeMessage, place: Entity | undefined, failure: PublishFailure): Promise<boolean> {
    const { publisher, ground, tell } = this.#options;
    const headers = failureOf({ place, failure, now: ground.clock.now() });
    const result = await publisher.forward(toQueue(deadLettersName(UNDELIVERED)), {
      content: raw.content,
      properties: forwardedProperties(raw, { headers, attempts: 0, isDeadLetter: true }),
    });
    const where = place === undefined ? "an unknown place" : `${place.kind} ${place.name}`;
    if (result.ok)
      tell(
        `Delayed messages came due for ${where} and could not be stored there: ${failure.message} They are dead letters of ` +
          `${UNDELIVERED}: provision the ${place?.kind ?? "place"} again and replay them, or discard them.`,
      );
    return result.ok;
  }
}

const NOT_CAUGHT =
  `RabbitMQ has no queue ${UNDELIVERED}: if a queue is deleted while messages for it are delayed, the delays of all services ` +
  'may stop. Start one service of this version with provision: "apply".';

const NO_PLACE: PublishFailure = {
  code: "unroutable",
  message: "Their routing key names no place.",
  maybeStored: false,
};

function isPassing({ code }: PublishFailure): boolean {
  return code === "disconnected" || code === "blocked" || code === "closed";
}

function placeOf(raw: ConsumeMessage): Entity | undefined {
  const [, kind, name] = /^(exchange|queue)\/(.+)$/s.exec(placeNoted(raw) ?? "") ?? [];
  if (kind === undefined || name === undefined) return placeIn(raw.fields.routingKey);
  return { kind: kind === "queue" ? "queue" : "exchange", name };
}

interface Undeliverable {
  readonly place: Entity | undefined;
  readonly failure: PublishFailure;
  readonly now: number;
}

/** As core writes it, so that the tools for dead letters can list and replay it. */
function failureOf({ place, failure, now }: Undeliverable): Headers {
  const lane = place && laneIn(place.name);
  const name = lane === undefined ? place?.name : place?.name.slice(0, -`:${lane}`.length);
  return {
    [HEADER.failureCode]: failure.code,
    [HEADER.failureMessage]: failure.message,
    [HEADER.failureTime]: new Date(now).toISOString(),
    [HEADER.failureService]: UNDELIVERED,
    [HEADER.failureTries]: "0",
    ...(place && {
      [HEADER.failureSource]: `${place.kind === "queue" ? "queue" : "topic"}:${name}`,
    }),
    ...(lane !== undefined && { [HEADER.failureLane]: String(lane) }),
  };
}
