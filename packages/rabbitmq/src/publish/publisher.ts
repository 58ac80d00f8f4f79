import type { ChannelModel, ConfirmChannel, Message } from "amqplib";
import { refusal } from "@waybill/core/transport-kit";
import {
  STORED,
  type Clock,
  type PublishFailure,
  type PublishResult,
  type WireMessage,
} from "@waybill/core/transport";
import { openConfirmChannel } from "../connection/channels.ts";
import { encodingProblem } from "../wire/encodable.ts";
import type { DeclaredEntities } from "./declared-entities.ts";
import { LearntLimits } from "./learnt-limits.ts";
import { ProgressCheck } from "./progress-check.ts";
import {
  PublishWindows,
  type ForwardedMessage,
  type PendingMessage,
  type PublishWindow,
} from "./publish-window.ts";
import { ONE_STORED, entityFailure, returnedEventResult, unconfirmed, unwritten } from "./publish-results.ts";
import { ReturnedMessages } from "./returned-messages.ts";
import { routeOf, targetText, type Entity, type Route } from "./routes.ts";
import { OWN_HEADERS, problemOf, propertiesOf } from "../wire/message.ts";

/** The largest number of messages that wait for one queue or exchange. */
const MAX_WAITING = 20_000;

export interface PublisherOptions {
  readonly declared: DeclaredEntities;
  readonly clock: Clock;
  /** Returns why RabbitMQ accepts no messages at present; undefined while it does. */
  readonly blocked: () => string | undefined;
  /** Returns the size limit of the server in bytes. */
  readonly largestMessage: () => number;
  /** Replaces the connection by a new one. */
  readonly renew: () => void;
}

/**
 * Publishes on one channel with publisher confirms, and only to exchanges and queues that exist. Messages to one queue or
 * exchange leave in the order of the calls. A queue without confirms does not delay messages to other queues.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #windows = new PublishWindows();
  readonly #limits = new LearntLimits();
  readonly #returned = new ReturnedMessages();
  #channel: ConfirmChannel | undefined = undefined;
  /** Whether the write buffer of the channel is full. */
  #isFull = false;
  #isClosed = false;
  readonly #progress: ProgressCheck;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#progress = new ProgressCheck({
      clock: options.clock,
      windows: this.#windows,
      onStuck: () => (options.blocked() === undefined ? options.renew() : this.#pumpAll()),
      onSlow: () => this.#pumpAll(),
    });
  }

  /** Opens the channel on a new connection, and again whenever RabbitMQ closes only the channel. */
  async open(model: ChannelModel): Promise<void> {
    this.#options.declared.forget();
    const channel: ConfirmChannel = await openConfirmChannel(model, () => this.#lose(channel, model));
    channel.on("drain", () => this.#onDrain());
    channel.on("return", (message: Message) => this.#returned.add(message));
    channel.on("error", (error: Error) => this.#limits.learn(error));
    this.#channel = channel;
    this.#onDrain();
  }

  close(): void {
    this.#isClosed = true;
    this.#progress.end();
    this.#refuseWaiting(refusal("closed", "The transport is closed."));
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const [message] = batch;
    if (message !== undefined && batch.length === 1)
      return new Promise((resolve) =>
        this.#publishOne(message, (result) => resolve(result === STORED ? ONE_STORED : [result])),
      );
    return Promise.all(
      batch.map((each) => new Promise<PublishResult>((resolve) => this.#publishOne(each, resolve))),
    );
  }

  /**
   * Returns the failure of a message that the adapter refuses without asking RabbitMQ; undefined if it would send it.
   */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const prepared = this.#prepare(message);
    return "code" in prepared ? prepared : undefined;
  }

  /** Publishes a message again that was read from RabbitMQ, with the given body and properties. */
  forward(route: Route, { content, properties }: ForwardedMessage): Promise<PublishResult> {
    const error = encodingProblem(properties.headers);
    if (error !== undefined) return Promise.resolve({ ok: false, error });
    return new Promise((settle) => this.#enqueue({ route, body: content, properties, settle }));
  }

  #publishOne(message: WireMessage, settle: (result: PublishResult) => void): void {
    const route = this.#prepare(message);
    if ("code" in route) return settle({ ok: false, error: route });
    const { body } = message;
    this.#enqueue({
      route,
      body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      properties: propertiesOf(message),
      settle,
    });
  }

  /** Returns the route of a message, or why it cannot be published. */
  #prepare(message: WireMessage): Route | PublishFailure {
    const failure = problemOf(message, Math.min(this.#options.largestMessage(), this.#limits.largestMessage));
    return failure ?? routeOf(message, () => this.#options.clock.now());
  }

  #enqueue(message: PendingMessage): void {
    const window = this.#windows.of(message.route);
    const failure = this.#refusalAt(message, window);
    if (failure !== undefined) {
      message.settle({ ok: false, error: failure });
      return this.#windows.release(window);
    }
    const { declared } = this.#options;
    const { waiting } = window;
    if (waiting.length === 0 && this.#mayWrite(window) && !declared.firstUnknown(message.route.needs))
      return this.#write(message, window);
    waiting.push(message);
    this.#pump(window);
  }

  #refusalAt({ route }: PendingMessage, { waiting }: PublishWindow): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    if (this.#channel === undefined) return refusal("disconnected", "There is no connection to RabbitMQ.");
    const reason = this.#options.blocked();
    if (reason !== undefined) return refusal("blocked", `RabbitMQ accepts no messages: ${reason}.`);
    if (waiting.length >= MAX_WAITING)
      return refusal("blocked", `${MAX_WAITING} messages already wait for ${targetText(route)}.`);
    return this.#limits.refusalOf(route.exchange);
  }

  #mayWrite(window: PublishWindow): boolean {
    return !this.#isFull && this.#windows.hasCapacity(window);
  }

  #onDrain(): void {
    this.#isFull = false;
    this.#pumpAll();
  }

  #pumpAll(): void {
    for (const window of this.#windows.all()) if (window.waiting.length > 0) this.#pump(window);
  }

  /** Writes the waiting messages of a window until the window is full. */
  #pump(window: PublishWindow): void {
    const { waiting } = window;
    let sent = 0;
    while (sent < waiting.length && this.#mayWrite(window) && this.#channel !== undefined) {
      const message = waiting[sent];
      if (message === undefined) break;
      const unknown = this.#options.declared.firstUnknown(message.route.needs);
      if (unknown !== undefined) {
        waiting.splice(0, sent);
        void this.#checkEntity(unknown, window);
        return;
      }
      sent += 1;
      this.#write(message, window);
    }
    waiting.splice(0, sent);
    this.#windows.release(window);
  }

  /** Asks RabbitMQ whether an entity exists that the first waiting message needs. If it does not, the message fails. */
  async #checkEntity(entity: Entity, window: PublishWindow): Promise<void> {
    window.isChecking = true;
    const error = await entityFailure(this.#options.declared, entity);
    window.isChecking = false;
    if (error !== undefined) window.waiting.shift()?.settle({ ok: false, error });
    this.#pump(window);
  }

  #write({ route, body, properties, settle }: PendingMessage, window: PublishWindow): void {
    const { exchange, routingKey, isTopic, target } = route;
    // A foreign exchange may be of a type that routes our messages to no queue. The adapter checks the type when RabbitMQ returns a message.
    properties.mandatory = !isTopic || !this.#options.declared.isKnownFanout(exchange);
    if (target !== undefined)
      properties.headers = { ...(properties.headers as object | undefined), [OWN_HEADERS.target]: target };
    let hasCapacity: boolean | undefined;
    try {
      hasCapacity = this.#channel?.publish(exchange, routingKey, body, properties, (error: unknown) => {
        const freesCapacity = this.#windows.remove(window, error === null);
        if (error === null) this.#confirm({ route, properties, settle });
        else settle({ ok: false, error: unconfirmed(error) });
        if (window.waiting.length > 0) this.#pump(window);
        else this.#windows.release(window);
        if (freesCapacity) this.#pumpAll();
      });
    } catch (error) {
      return settle({ ok: false, error: unwritten(error) });
    }
    this.#windows.add(window);
    if (hasCapacity === false) this.#isFull = true;
    this.#progress.schedule();
  }

  /** Settles a confirmed message. RabbitMQ confirms a returned message too, right after it returned it. */
  #confirm({ route, properties, settle }: Omit<PendingMessage, "body">): void {
    const reason = this.#returned.take(route, properties);
    if (reason === undefined) return settle(STORED);
    const { exchange, routingKey, isTopic } = route;
    if (isTopic) return void returnedEventResult(this.#options.declared, exchange).then(settle);
    settle({ ok: false, error: refusal("unroutable", `RabbitMQ has no queue ${routingKey}: ${reason}.`) });
  }

  #lose(channel: ConfirmChannel, model: ChannelModel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#returned.clear();
    // amqplib has called the callbacks of all unconfirmed messages by now. The waiting ones were never written.
    this.#windows.reset();
    this.#refuseWaiting(refusal("disconnected", "The connection to RabbitMQ was lost."));
    // RabbitMQ may have closed only the channel. A connection that opens no new channel is closed and replaced by its owner.
    if (!this.#isClosed)
      void this.open(model)
        .catch(() => model.close())
        .catch(() => undefined);
  }

  #refuseWaiting(error: PublishFailure): void {
    for (const window of this.#windows.all()) {
      for (const message of window.waiting.splice(0)) message.settle({ ok: false, error });
      this.#windows.release(window);
    }
  }
}
