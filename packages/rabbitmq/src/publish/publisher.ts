import type { ChannelModel, ConfirmChannel, Message, Options } from "amqplib";
import { refusal, describeThrown } from "@waybill/core/transport-kit";
import {
  STORED,
  type Cancel,
  type Clock,
  type PublishFailure,
  type PublishResult,
  type WireMessage,
} from "@waybill/core/transport";
import { openConfirmChannel } from "../connection/channels.ts";
import { encodingProblem } from "../wire/encodable.ts";
import { isRefused } from "../errors.ts";
import type { DeclaredEntities } from "./declared-entities.ts";
import { PublishWindows, type Entry, type PublishWindow } from "./publish-window.ts";
import { replyText, returnKey, unconfirmed, unsent } from "./publish-results.ts";
import { routeOf, type Entity, type Route } from "./routes.ts";
import { OWN, problemOf, propertiesOf } from "../wire/message.ts";

/** How many may wait for one place: for its window, or for an answer about it. */
const CAPACITY = 20_000;
/** A place that confirms nothing from one look to the next but one is slow. */
const LOOK_MS = 5_000;
/** The usual answer, shared. */
const ONE_STORED: readonly PublishResult[] = [STORED];

export interface PublisherOptions {
  readonly declared: DeclaredEntities;
  readonly clock: Clock;
  /** Why the broker takes nothing at the moment; absent: it does. */
  readonly blocked: () => string | undefined;
  readonly largestMessage: () => number;
  /** Gives the connection up for a new one. */
  readonly renew: () => void;
}

/**
 * The one channel that publishes: confirmed, and only to what exists. Messages for one place leave in the order of the
 * calls. A place that confirms nothing keeps no other from being written to.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #windows = new PublishWindows();
  readonly #returned = new Map<string, string>();
  readonly #forbidden = new Map<string, string>();
  #channel: ConfirmChannel | undefined = undefined;
  #isFull = false;
  #isClosed = false;
  #cancelLook: Cancel | undefined = undefined;
  /** What the server said its limit is, where it is lower than declared. */
  #learntLimit: number = Number.POSITIVE_INFINITY;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Opens the channel on a new connection, and again whenever the broker closes it alone. */
  async open(model: ChannelModel): Promise<void> {
    this.#options.declared.forget();
    const channel: ConfirmChannel = await openConfirmChannel(model, () => this.#lose(channel, model));
    channel.on("drain", () => {
      this.#isFull = false;
      this.#pumpAll();
    });
    channel.on("return", (message: Message) => this.#returned.set(returnKey(message), replyText(message)));
    channel.on("error", (error: Error) => this.#learn(error));
    this.#channel = channel;
    this.#isFull = false;
    this.#pumpAll();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    this.#refuseWaiting(refusal("closed", "The transport is closed."));
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const [message] = batch;
    if (message !== undefined && batch.length === 1)
      return new Promise((resolve) =>
        this.#take(message, (result) => resolve(result === STORED ? ONE_STORED : [result])),
      );
    return Promise.all(
      batch.map((each) => new Promise<PublishResult>((resolve) => this.#take(each, resolve))),
    );
  }

  /** What is known to be refused without asking the broker. */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const prepared = this.#prepare(message);
    return "code" in prepared ? prepared : undefined;
  }

  /** Stores what was read from the broker once more, body and properties as given. */
  forward(route: Route, { content, properties }: Forwarded): Promise<PublishResult> {
    const error = encodingProblem(properties.headers);
    if (error !== undefined) return Promise.resolve({ ok: false, error });
    return new Promise((settle) => this.#enter({ route, body: content, properties, settle }));
  }

  #take(message: WireMessage, settle: (result: PublishResult) => void): void {
    const route = this.#prepare(message);
    if ("code" in route) return settle({ ok: false, error: route });
    const { body } = message;
    this.#enter({
      route,
      body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      properties: propertiesOf(message),
      settle,
    });
  }

  /** Where it goes, or why it cannot. */
  #prepare(message: WireMessage): Route | PublishFailure {
    const failure = problemOf(message, Math.min(this.#options.largestMessage(), this.#learntLimit));
    return failure ?? routeOf(message, () => this.#options.clock.now());
  }

  #enter(entry: Entry): void {
    const window = this.#windows.of(entry.route);
    const failure = this.#away(entry, window);
    if (failure !== undefined) {
      entry.settle({ ok: false, error: failure });
      return this.#windows.release(window);
    }
    if (window.waiting.length === 0 && this.#isOpen(window) && this.#isKnown(entry.route))
      this.#write(entry, window);
    else {
      window.waiting.push(entry);
      this.#pump(window);
    }
  }

  #away({ route }: Entry, { waiting }: PublishWindow): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    if (this.#channel === undefined) return refusal("disconnected", "There is no connection to RabbitMQ.");
    const reason = this.#options.blocked();
    if (reason !== undefined) return refusal("blocked", `RabbitMQ takes no messages: ${reason}.`);
    if (waiting.length >= CAPACITY) return refusal("blocked", `${CAPACITY} messages wait already.`);
    if (this.#forbidden.size === 0) return undefined;
    const forbidden = this.#forbidden.get(route.exchange);
    return forbidden === undefined ? undefined : refusal("not-permitted", forbidden);
  }

  #isOpen(window: PublishWindow): boolean {
    return !this.#isFull && this.#windows.hasRoom(window);
  }

  #isKnown(route: Route): boolean {
    return route.needs.length === 0 || route.needs.every((entity) => this.#options.declared.isKnown(entity));
  }

  #pumpAll(): void {
    for (const window of this.#windows.all()) if (window.waiting.length > 0) this.#pump(window);
  }

  /** Writes what waits for a place, as far as it may go. */
  #pump(window: PublishWindow): void {
    const { waiting } = window;
    let sent = 0;
    while (sent < waiting.length && this.#isOpen(window) && this.#channel !== undefined) {
      const entry = waiting[sent];
      if (entry === undefined) break;
      const unknown = entry.route.needs.find((entity) => !this.#options.declared.isKnown(entity));
      if (unknown !== undefined) {
        waiting.splice(0, sent);
        void this.#check(unknown, window);
        return;
      }
      sent += 1;
      this.#write(entry, window);
    }
    waiting.splice(0, sent);
    this.#windows.release(window);
  }

  /** Whatever the answer, the first that waits is done with or goes on. */
  async #check(entity: Entity, window: PublishWindow): Promise<void> {
    window.isChecking = true;
    let failure: PublishFailure | undefined;
    try {
      if (!(await this.#options.declared.check(entity)))
        failure = refusal("unroutable", `There is no ${entity.kind} ${entity.name} on RabbitMQ.`);
    } catch (error) {
      failure = refusal(
        isRefused(error) ? "not-permitted" : "disconnected",
        `${describeThrown(error)}.`,
        error,
      );
    }
    window.isChecking = false;
    if (failure !== undefined) window.waiting.shift()?.settle({ ok: false, error: failure });
    this.#pump(window);
  }

  #write({ route, body, properties, settle }: Entry, window: PublishWindow): void {
    const { exchange, routingKey, isTopic, place } = route;
    // Somebody else's exchange may be of a type that gives our messages to nobody: asked when one comes back.
    properties.mandatory = !isTopic || !this.#options.declared.isKnownFanout(exchange);
    if (place !== undefined)
      properties.headers = { ...(properties.headers as object | undefined), [OWN.place]: place };
    let goesOn: boolean | undefined;
    try {
      goesOn = this.#channel?.publish(exchange, routingKey, body, properties, (error: unknown) => {
        const makesRoom = this.#windows.leave(window, error === null);
        if (error === null) this.#confirm({ route, properties, settle });
        else settle({ ok: false, error: unconfirmed(error) });
        if (window.waiting.length > 0) this.#pump(window);
        else this.#windows.release(window);
        if (makesRoom) this.#pumpAll();
      });
    } catch (error) {
      return settle({ ok: false, error: unsent(error) });
    }
    this.#windows.enter(window);
    if (goesOn === false) this.#isFull = true;
    this.#lookLater();
  }

  #lookLater(): void {
    if (this.#cancelLook !== undefined || this.#isClosed) return;
    this.#cancelLook = this.#options.clock.schedule(LOOK_MS, () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  /** A queue that has lost its leader confirms nothing, and what waits for it in the broker may stand in everybody's way. */
  #look(): void {
    const found = this.#windows.look();
    if (found === "idle") return;
    this.#lookLater();
    if (found === "stuck" && this.#options.blocked() === undefined) this.#options.renew();
    else if (found !== "busy") this.#pumpAll();
  }

  /** A returned message is confirmed too, right after its return (RabbitMQ: publisher confirms). */
  #confirm({ route, properties, settle }: Omit<Entry, "body">): void {
    if (this.#returned.size === 0) return settle(STORED);
    const { exchange, routingKey, isTopic } = route;
    const key = `${properties.messageId ?? ""} ${exchange} ${routingKey}`;
    const reason = this.#returned.get(key);
    if (reason === undefined) return settle(STORED);
    this.#returned.delete(key);
    if (isTopic) return void this.#judgeTopic(exchange).then(settle);
    settle({ ok: false, error: refusal("unroutable", `RabbitMQ has no queue ${routingKey}: ${reason}.`) });
  }

  /** Nobody got an event: because nobody listens, or because the exchange gives it to nobody without a routing key. */
  async #judgeTopic(exchange: string): Promise<PublishResult> {
    try {
      if (await this.#options.declared.checkFanout(exchange)) return STORED;
    } catch (error) {
      return { ok: false, error: unconfirmed(error) };
    }
    const message =
      `RabbitMQ's exchange ${exchange} is no fanout exchange, and no queue is bound to it for an empty routing key: ` +
      "nobody got the message.";
    return { ok: false, error: refusal("unroutable", message) };
  }

  /** What the broker says when it closes the channel is remembered for what is sent again. */
  #learn(error: Error): void {
    const [, limit] = /larger than configured max size (\d+)/.exec(error.message) ?? [];
    if (limit !== undefined) this.#learntLimit = Number(limit);
    const [, exchange] = /access to exchange '([^']*)'/.exec(error.message) ?? [];
    if (exchange !== undefined)
      this.#forbidden.set(exchange === "amq.default" ? "" : exchange, `${error.message}.`);
  }

  #lose(channel: ConfirmChannel, model: ChannelModel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#returned.clear();
    // amqplib has told all unconfirmed ones by now.
    this.#windows.reset();
    // Those that wait were never sent.
    this.#refuseWaiting(refusal("disconnected", "The connection to RabbitMQ was lost."));
    // Where the connection lives on, only the channel was closed. One that opens no channel is given up: its owner connects anew.
    if (!this.#isClosed)
      void this.open(model)
        .catch(() => model.close())
        .catch(() => undefined);
  }

  #refuseWaiting(error: PublishFailure): void {
    for (const window of this.#windows.all()) {
      for (const entry of window.waiting.splice(0)) entry.settle({ ok: false, error });
      this.#windows.release(window);
    }
  }
}

interface Forwarded {
  readonly content: Buffer;
  readonly properties: Options.Publish;
}
