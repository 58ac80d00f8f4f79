import type { ChannelModel, ConfirmChannel, Message, Options } from "amqplib";
import {
  refusal,
  STORED,
  describeThrown,
  type PublishFailure,
  type PublishResult,
  type WireMessage,
} from "@waybill/core/transport";
import { openConfirmChannel } from "./channels.ts";
import { isRefused } from "./errors.ts";
import type { Existence } from "./existence.ts";
import { routeOf, type Entity, type Route } from "./routes.ts";
import { LARGEST_HEADERS, OWN, headerProblem, propertiesOf, sizeOf } from "./wire.ts";

/** How many may be on their way to the broker. */
const WINDOW = 2_048;
/** How many may wait for the window, or for an answer about their destination. */
const CAPACITY = 20_000;

/** The usual answer, shared. */
const ONE_STORED: readonly PublishResult[] = [STORED];

/** A message on its way, and who wants to know its fate. */
interface Entry {
  readonly route: Route;
  readonly body: Buffer;
  readonly properties: Options.Publish;
  readonly settle: (result: PublishResult) => void;
}

export interface PublisherOptions {
  readonly existence: Existence;
  readonly now: () => number;
  /** Why the broker takes nothing at the moment; absent: it does. */
  readonly blocked: () => string | undefined;
  readonly largestMessage: () => number;
}

/** The one channel that publishes: confirmed, and only to what exists. Messages leave in the order of the calls. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #waiting: Entry[] = [];
  readonly #returned = new Map<string, string>();
  readonly #forbidden = new Map<string, string>();
  #channel: ConfirmChannel | undefined = undefined;
  #unconfirmed = 0;
  #isFull = false;
  #isChecking = false;
  #isClosed = false;
  /** What the server said its limit is, where it is lower than declared. */
  #learntLimit: number = Number.POSITIVE_INFINITY;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Opens the channel on a new connection, and again whenever the broker closes it alone. */
  async open(model: ChannelModel): Promise<void> {
    this.#options.existence.forget();
    const channel: ConfirmChannel = await openConfirmChannel(model, () => this.#lose(channel, model));
    channel.on("drain", () => {
      this.#isFull = false;
      this.#pump();
    });
    channel.on("return", (message: Message) => this.#returned.set(returnKey(message), replyText(message)));
    channel.on("error", (error: Error) => this.#learn(error));
    this.#channel = channel;
    this.#isFull = false;
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
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

  /** Stores what was read from the broker once more, body and properties as given. */
  forward(route: Route, { content, properties }: Forwarded): Promise<PublishResult> {
    return new Promise((settle) => this.#enter({ route, body: content, properties, settle }));
  }

  #take(message: WireMessage, settle: (result: PublishResult) => void): void {
    const failure = this.#problem(message);
    if (failure !== undefined) return settle({ ok: false, error: failure });
    const route = routeOf(message, this.#options.now);
    if ("code" in route) return settle({ ok: false, error: route });
    const { body } = message;
    this.#enter({
      route,
      body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      properties: propertiesOf(message),
      settle,
    });
  }

  #problem({ headers, body }: WireMessage): PublishFailure | undefined {
    const headerBytes = sizeOf(headers);
    const largest = Math.min(this.#options.largestMessage(), this.#learntLimit);
    if (body.byteLength + headerBytes > largest)
      return refusal(
        "too-large",
        `${body.byteLength + headerBytes} bytes are more than the ${largest} that RabbitMQ takes.`,
      );
    if (headerBytes > LARGEST_HEADERS)
      return refusal(
        "too-large",
        `${headerBytes} bytes of headers are more than the ${LARGEST_HEADERS} that AMQP takes.`,
      );
    const problem = headerProblem(headers);
    return problem === undefined ? undefined : refusal("rejected", problem);
  }

  #enter(entry: Entry): void {
    const failure = this.#away(entry);
    if (failure !== undefined) return entry.settle({ ok: false, error: failure });
    if (this.#waiting.length === 0 && this.#isOpen && this.#isKnown(entry.route)) this.#write(entry);
    else {
      this.#waiting.push(entry);
      this.#pump();
    }
  }

  #away({ route }: Entry): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    if (this.#channel === undefined) return refusal("disconnected", "There is no connection to RabbitMQ.");
    const reason = this.#options.blocked();
    if (reason !== undefined) return refusal("blocked", `RabbitMQ takes no messages: ${reason}.`);
    if (this.#waiting.length >= CAPACITY) return refusal("blocked", `${CAPACITY} messages wait already.`);
    if (this.#forbidden.size === 0) return undefined;
    const forbidden = this.#forbidden.get(route.exchange);
    return forbidden === undefined ? undefined : refusal("not-permitted", forbidden);
  }

  get #isOpen(): boolean {
    return !this.#isFull && !this.#isChecking && this.#unconfirmed < WINDOW;
  }

  #isKnown(route: Route): boolean {
    return route.needs.length === 0 || route.needs.every((entity) => this.#options.existence.isKnown(entity));
  }

  /** Writes what waits, as far as it may go. */
  #pump(): void {
    let sent = 0;
    while (sent < this.#waiting.length && this.#isOpen && this.#channel !== undefined) {
      const entry = this.#waiting[sent];
      if (entry === undefined) break;
      const unknown = entry.route.needs.find((entity) => !this.#options.existence.isKnown(entity));
      if (unknown !== undefined) {
        this.#waiting.splice(0, sent);
        void this.#check(unknown);
        return;
      }
      sent += 1;
      this.#write(entry);
    }
    this.#waiting.splice(0, sent);
  }

  /** Whatever the answer, the first that waits is done with or goes on. */
  async #check(entity: Entity): Promise<void> {
    this.#isChecking = true;
    let failure: PublishFailure | undefined;
    try {
      if (!(await this.#options.existence.check(entity)))
        failure = refusal("unroutable", `There is no ${entity.kind} ${entity.name} on RabbitMQ.`);
    } catch (error) {
      failure = refusal(
        isRefused(error) ? "not-permitted" : "disconnected",
        `${describeThrown(error)}.`,
        error,
      );
    }
    this.#isChecking = false;
    if (failure !== undefined) this.#waiting.shift()?.settle({ ok: false, error: failure });
    this.#pump();
  }

  #write({ route, body, properties, settle }: Entry): void {
    const { exchange, routingKey, mandatory, place } = route;
    properties.mandatory = mandatory;
    if (place !== undefined)
      properties.headers = { ...(properties.headers as object | undefined), [OWN.place]: place };
    let goesOn: boolean | undefined;
    try {
      goesOn = this.#channel?.publish(exchange, routingKey, body, properties, (error: unknown) => {
        this.#unconfirmed -= 1;
        settle(error === null ? this.#stored(route, properties) : { ok: false, error: unconfirmed(error) });
        if (this.#waiting.length > 0) this.#pump();
      });
    } catch (error) {
      return settle({ ok: false, error: refusal("disconnected", `${describeThrown(error)}.`, error) });
    }
    this.#unconfirmed += 1;
    if (goesOn === false) this.#isFull = true;
  }

  /** A returned message is confirmed too, right after its return (RabbitMQ: publisher confirms). */
  #stored({ exchange, routingKey }: Route, { messageId = "" }: Options.Publish): PublishResult {
    if (this.#returned.size === 0) return STORED;
    const key = `${messageId} ${exchange} ${routingKey}`;
    const reason = this.#returned.get(key);
    if (reason === undefined) return STORED;
    this.#returned.delete(key);
    return { ok: false, error: refusal("unroutable", `RabbitMQ has no queue ${routingKey}: ${reason}.`) };
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
    // By now amqplib has told all unconfirmed ones; those that wait were never sent.
    this.#refuseWaiting(refusal("disconnected", "The connection to RabbitMQ was lost."));
    // Where the connection lives on, only the channel was closed. One that opens no channel is given up: its owner connects anew.
    if (!this.#isClosed)
      void this.open(model)
        .catch(() => model.close())
        .catch(() => undefined);
  }

  #refuseWaiting(error: PublishFailure): void {
    for (const entry of this.#waiting.splice(0)) entry.settle({ ok: false, error });
  }
}

interface Forwarded {
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

function unconfirmed(error: unknown): PublishFailure {
  const text = describeThrown(error);
  return text === "message nacked"
    ? { code: "rejected", message: "RabbitMQ did not take the message.", maybeStored: true, cause: error }
    : {
        code: "disconnected",
        message: `${text} before RabbitMQ confirmed.`,
        maybeStored: true,
        cause: error,
      };
}

function returnKey({ fields, properties }: Message): string {
  return `${String(properties.messageId ?? "")} ${fields.exchange} ${fields.routingKey}`;
}

function replyText({ fields }: Message): string {
  return "replyText" in fields ? String(fields.replyText) : "unroutable";
}
