import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { Forwarding, Problems, sleep, type Fate } from "@waybill/core/transport-kit";
import { HEADER, type Environment, type Headers, type PublishFailure } from "@waybill/core/transport";
import { openChannel, type Channels } from "../connection/channels.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { UNDELIVERED, deadLettersName, laneIn, placeIn } from "../topology/names.ts";
import type { IsolatedConsumer } from "./queue-isolation.ts";
import type { Publisher } from "../publish/publisher.ts";
import { toPlace, toQueue, type Entity } from "../publish/routes.ts";
import { attemptsNoted, foreignHeaders, forwardedProperties, placeNoted } from "../wire/message.ts";

/** How long a message waits that can be stored nowhere at the moment. */
const PAUSE_MS = 250;
/** How many are on their way to this process. */
const PREFETCH = 100;

export interface UndeliveredOptions {
  readonly publisher: Publisher;
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  /** Present while connected. */
  readonly model: () => ChannelModel | undefined;
  readonly environment: Environment;
  readonly tell: (notice: string) => void;
}

/** The queue on one channel. */
interface Reading {
  readonly channel: Channel;
  /** Aborts when the channel ends: the broker takes back what is not acknowledged. */
  readonly signal: AbortSignal;
}

/**
 * Takes care of the messages that came due for a place without a binding. Where the place exists they are taken there by
 * its name: it was never bound, or its binding is gone. Where it does not exist they become dead letters of
 * `waybill.undelivered`. One process at a time works on them, in their order.
 */
export class Undelivered implements IsolatedConsumer {
  readonly name: string = UNDELIVERED;
  readonly #options: UndeliveredOptions;
  readonly #forwarding: Forwarding;
  #reading: Reading | undefined = undefined;
  #isHeld = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: UndeliveredOptions) {
    this.#options = options;
    const problems = new Problems((problem) => problem !== undefined && options.tell(problem));
    this.#forwarding = new Forwarding({ clock: options.environment.clock, problems });
  }

  hold(): void {
    this.#isHeld = true;
  }

  resume(): Promise<void> {
    this.#isHeld = false;
    return this.open();
  }

  impair(problem: string | undefined): void {
    if (problem !== undefined) this.#options.tell(problem);
  }

  /** Idempotent. Never rejects: a broker without the queue, or a user who may not read it, leaves the messages where they are. */
  async open(): Promise<void> {
    const { declared, tell, model: present } = this.#options;
    const model = present();
    if (this.#reading !== undefined || this.#isHeld || model === undefined) return;
    const end = new AbortController();
    try {
      if (!(await declared.check({ kind: "queue", name: UNDELIVERED }))) return tell(NOT_CAUGHT);
      const channel: Channel = await openChannel(model, () => {
        end.abort();
        if (this.#reading === reading) this.#reading = undefined;
      });
      const reading: Reading = { channel, signal: end.signal };
      this.#reading = reading;
      await channel.prefetch(PREFETCH);
      await channel.consume(UNDELIVERED, (raw) => this.#take(reading, raw));
    } catch {
      // The connection went, or this user may not read the queue: another process does, or the next connection.
      this.#reading = undefined;
    }
  }

  #take(reading: Reading, raw: ConsumeMessage | null): void {
    if (raw === null) {
      void reading.channel.close().catch(() => undefined);
      return;
    }
    this.#work = this.#work.then(() => this.#pass(reading, raw)).catch(() => undefined);
  }

  /** Acknowledges the message once it is stored elsewhere. Resolves earlier where it can be stored nowhere. */
  async #pass(reading: Reading, raw: ConsumeMessage): Promise<void> {
    const place = placeOf(raw);
    while (!reading.signal.aborted) {
      const failure = place === undefined ? NO_PLACE : await this.#deliver(place, raw);
      if (failure === undefined) return reading.channel.ack(raw);
      if (!isPassing(failure)) return this.#bury(reading, raw, { place, failure });
      await sleep(this.#options.environment.clock, PAUSE_MS);
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

  /** Resolves once the message is a dead letter, or rests. */
  #bury({ channel, signal }: Reading, raw: ConsumeMessage, undeliverable: Undeliverable): Promise<void> {
    const { publisher, environment } = this.#options;
    const place = deadLettersName(UNDELIVERED);
    const delivery = {
      signal,
      get isLive() {
        return !signal.aborted;
      },
    };
    return new Promise((resolve) => {
      const stored = this.#forwarding.forward({
        delivery,
        destination: `queue ${place}`,
        headers: failureOf(undeliverable, environment.clock.now()),
        foreign: () => foreignHeaders(raw),
        store: ({ headers, isBare }) =>
          publisher.forward(toQueue(place), {
            content: raw.content,
            properties: forwardedProperties(raw, { headers, attempts: 0, isBare, isDeadLetter: true }),
          }),
        onRest: resolve,
      });
      const settle = (fate: Fate): void => {
        if (fate === "stored") {
          channel.ack(raw);
          this.#tellOf(undeliverable);
        }
        resolve();
      };
      void stored.then(settle).catch(() => resolve());
    });
  }

  #tellOf({ place, failure }: Undeliverable): void {
    const where = place === undefined ? "an unknown place" : `${place.kind} ${place.name}`;
    this.#options.tell(
      `Delayed messages came due for ${where} and could not be stored there: ${failure.message} They are dead letters of ` +
        `${UNDELIVERED}: provision the ${place?.kind ?? "place"} again and replay them, or discard them.`,
    );
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
}

/** As core writes it, so that the tools for dead letters can list and replay it. */
function failureOf({ place, failure }: Undeliverable, now: number): Headers {
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
