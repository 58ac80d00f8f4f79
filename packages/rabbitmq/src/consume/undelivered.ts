import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { Forwarding, Problems, sleep, type ForwardOutcome } from "@waybill/core/transport-kit";
import { HEADER, type Environment, type Headers, type PublishFailure } from "@waybill/core/transport";
import { openChannel, type Channels } from "../connection/channels.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { UNDELIVERED, deadLettersName, laneIn, entityIn } from "../topology/names.ts";
import type { IsolatedConsumer } from "./queue-isolation.ts";
import type { Publisher } from "../publish/publisher.ts";
import { routeTo, routeToQueue, type Entity } from "../publish/routes.ts";
import { attemptsIn, foreignHeaders, forwardedProperties, delayTargetIn } from "../wire/message.ts";

/** The time between two attempts to forward a message that cannot be stored at present. */
const RETRY_MS = 250;
/** The largest number of unacknowledged messages of this process. */
const PREFETCH = 100;

export interface UndeliveredOptions {
  readonly publisher: Publisher;
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  /** Returns the connection; undefined while there is none. */
  readonly model: () => ChannelModel | undefined;
  readonly environment: Environment;
  readonly warn: (text: string) => void;
}

/** The consumer of `waybill.undelivered` on one channel. */
interface OpenQueue {
  readonly channel: Channel;
  /** Aborts when the channel closes. RabbitMQ then requeues the unacknowledged messages. */
  readonly signal: AbortSignal;
}

/**
 * Forwards the delayed messages that became due for a queue or exchange without a binding. It forwards them by name if the
 * queue or exchange exists: it never had a binding, or lost it. Otherwise they become dead letters of
 * `waybill.undelivered`. One process at a time forwards the messages, in their order.
 */
export class Undelivered implements IsolatedConsumer {
  readonly name: string = UNDELIVERED;
  readonly #options: UndeliveredOptions;
  readonly #forwarding: Forwarding;
  #open: OpenQueue | undefined = undefined;
  #isSuspended = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: UndeliveredOptions) {
    this.#options = options;
    const problems = new Problems((problem) => problem !== undefined && options.warn(problem));
    this.#forwarding = new Forwarding({ clock: options.environment.clock, problems });
  }

  suspend(): void {
    this.#isSuspended = true;
  }

  resume(): Promise<void> {
    this.#isSuspended = false;
    return this.open();
  }

  reportProblem(problem: string | undefined): void {
    if (problem !== undefined) this.#options.warn(problem);
  }

  /**
   * Starts to consume if it does not consume yet. Never rejects: while the queue is missing or not readable, messages
   * stay there.
   */
  async open(): Promise<void> {
    const { declared, warn } = this.#options;
    const model = this.#options.model();
    if (this.#open !== undefined || this.#isSuspended || model === undefined) return;
    const end = new AbortController();
    try {
      if (!(await declared.check({ kind: "queue", name: UNDELIVERED }))) return warn(NO_QUEUE);
      const channel: Channel = await openChannel(model, () => {
        end.abort();
        if (this.#open === opened) this.#open = undefined;
      });
      const opened: OpenQueue = { channel, signal: end.signal };
      this.#open = opened;
      await channel.prefetch(PREFETCH);
      await channel.consume(UNDELIVERED, (raw) => this.#enqueue(opened, raw));
    } catch {
      // The connection was lost, or this user may not read the queue. Another process or the next connection reads it.
      this.#open = undefined;
    }
  }

  #enqueue(queue: OpenQueue, raw: ConsumeMessage | null): void {
    if (raw === null) {
      void queue.channel.close().catch(() => undefined);
      return;
    }
    this.#work = this.#work.then(() => this.#process(queue, raw)).catch(() => undefined);
  }

  /** Forwards a message, and acknowledges it once it is stored elsewhere. Resolves earlier if it cannot be stored. */
  async #process(queue: OpenQueue, raw: ConsumeMessage): Promise<void> {
    const entity = targetOf(raw);
    while (!queue.signal.aborted) {
      const failure = entity === undefined ? NO_TARGET : await this.#forward(entity, raw);
      if (failure === undefined) return queue.channel.ack(raw);
      if (!isTemporary(failure)) return this.#deadLetter(queue, raw, { entity, failure });
      await sleep(this.#options.environment.clock, RETRY_MS);
    }
  }

  async #forward(entity: Entity, raw: ConsumeMessage): Promise<PublishFailure | undefined> {
    const result = await this.#options.publisher.forward(routeTo(entity), {
      content: raw.content,
      properties: forwardedProperties(raw, {
        headers: {},
        attempts: attemptsIn(raw),
      }),
    });
    return result.ok ? undefined : result.error;
  }

  /** Resolves once the message is a dead letter, or rests because it cannot be stored. */
  #deadLetter(
    { channel, signal }: OpenQueue,
    raw: ConsumeMessage,
    undeliverable: Undeliverable,
  ): Promise<void> {
    const { publisher, environment } = this.#options;
    const queue = deadLettersName(UNDELIVERED);
    const delivery = {
      signal,
      get isLive() {
        return !signal.aborted;
      },
    };
    return new Promise((resolve) => {
      const stored = this.#forwarding.forward({
        delivery,
        destination: `queue ${queue}`,
        headers: failureHeaders(undeliverable, environment.clock.now()),
        foreign: () => foreignHeaders(raw),
        store: ({ headers, isBare }) =>
          publisher.forward(routeToQueue(queue), {
            content: raw.content,
            properties: forwardedProperties(raw, { headers, attempts: 0, isBare, isDeadLetter: true }),
          }),
        onRest: resolve,
      });
      const settle = (outcome: ForwardOutcome): void => {
        if (outcome === "stored") {
          channel.ack(raw);
          this.#warnOf(undeliverable);
        }
        resolve();
      };
      void stored.then(settle).catch(() => resolve());
    });
  }

  #warnOf({ entity, failure }: Undeliverable): void {
    const target = entity === undefined ? "an unknown queue or exchange" : `${entity.kind} ${entity.name}`;
    this.#options.warn(
      `Delayed messages became due for ${target} and could not be stored there: ${failure.message} They are dead letters of ` +
        `${UNDELIVERED}. Provision the ${entity?.kind ?? "queue or exchange"} again and replay them, or discard them.`,
    );
  }
}

const NO_QUEUE =
  `RabbitMQ has no queue ${UNDELIVERED}. If a queue is deleted while messages for it are delayed, the delayed messages of all ` +
  'services may stop. Start one service of this version with provision: "apply".';

const NO_TARGET: PublishFailure = {
  code: "unroutable",
  message: "Their routing keys name no queue or exchange.",
  maybeStored: false,
};

function isTemporary({ code }: PublishFailure): boolean {
  return code === "disconnected" || code === "blocked" || code === "closed";
}

/** Returns the queue or exchange that a delayed message is for: from its header, or else from its routing key. */
function targetOf(raw: ConsumeMessage): Entity | undefined {
  const [, kind, name] = /^(exchange|queue)\/(.+)$/s.exec(delayTargetIn(raw) ?? "") ?? [];
  if (kind === undefined || name === undefined) return entityIn(raw.fields.routingKey);
  return { kind: kind === "queue" ? "queue" : "exchange", name };
}

interface Undeliverable {
  readonly entity: Entity | undefined;
  readonly failure: PublishFailure;
}

/** Returns the same failure headers that core writes, so that `bus.deadLetters` can list and replay the message. */
function failureHeaders({ entity, failure }: Undeliverable, now: number): Headers {
  const lane = entity && laneIn(entity.name);
  const name = lane === undefined ? entity?.name : entity?.name.slice(0, -`:${lane}`.length);
  return {
    [HEADER.failureCode]: failure.code,
    [HEADER.failureMessage]: failure.message,
    [HEADER.failureTime]: new Date(now).toISOString(),
    [HEADER.failureService]: UNDELIVERED,
    [HEADER.failureTries]: "0",
    ...(entity && {
      [HEADER.failureSource]: `${entity.kind === "queue" ? "queue" : "topic"}:${name}`,
    }),
    ...(lane !== undefined && { [HEADER.failureLane]: String(lane) }),
  };
}
