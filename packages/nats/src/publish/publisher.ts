import type { Msg, Subscription } from "@nats-io/transport-node";
import { describeThrown, refusal } from "@waybill/core/transport-kit";
import type { Clock, PublishFailure, PublishResult, Random, WireMessage } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";
import { headerBlock, type WireMetadata } from "../wire/message.ts";
import { mintInbox } from "../wire/inbox-token.ts";
import { ConsumerExistence } from "./consumer-existence.ts";
import { encoded, requiredConsumerOf } from "./encode.ts";
import { NoResponders } from "./no-responders.ts";
import { lineProblem, resultIn, sizeProblem } from "./publish-results.ts";
import { UnconfirmedPublishes, type OutgoingMessage } from "./unconfirmed-publishes.ts";
import { UnconfirmedReplies } from "./unconfirmed-replies.ts";

/** The largest number of unconfirmed messages. */
const WINDOW = 2_048;
/** The largest number of messages that wait for space in the window or for the lookup of a consumer. */
const CAPACITY = 20_000;

export interface PublisherOptions {
  readonly inboxPrefix: string;
  /** The allowed prefixes of reply addresses. */
  readonly replyPrefixes: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /**
   * The most bytes of body and headers. The server's limit is higher: the difference is reserved for the headers of a
   * failure.
   */
  readonly largestMessage: () => number;
}

/**
 * Publishes messages in the order of the calls, with one inbox for all acknowledgements. The client's own `publish` would
 * create a timer and two errors for each message. When the link is lost, the unconfirmed messages count as maybe stored.
 * Core resends them under the same id, and the server drops the duplicates.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #unconfirmed: UnconfirmedPublishes;
  #waiting: OutgoingMessage[] = [];
  #link: ServerLink | undefined = undefined;
  #inbox: Subscription | undefined = undefined;
  #prefix = "";
  #count = 0;
  readonly #replies = new UnconfirmedReplies();
  readonly #noResponders = new NoResponders();
  readonly #existence = new ConsumerExistence();
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#unconfirmed = new UnconfirmedPublishes(options.clock, () => this.#pump());
  }

  /** Continues on a new link. */
  open(link: ServerLink): void {
    const inbox = mintInbox(this.#options.inboxPrefix, "stored", this.#options.random);
    this.#prefix = `${inbox}.`;
    this.#inbox = link.nc.subscribe(
      `${inbox}.*`,
      messagesOnly((msg) => this.#receive(msg)),
    );
    this.#link = link;
    this.#existence.forget();
  }

  /** Settles all messages, because the link is lost. */
  lose(): void {
    this.#link = undefined;
    this.#inbox = undefined;
    this.#unconfirmed.lose();
    this.#replies.lose();
    this.#refuseWaiting(refusal("disconnected", "The connection to NATS was lost."));
  }

  close(): void {
    this.#isClosed = true;
    this.#inbox?.unsubscribe();
    this.lose();
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const [message] = batch;
    if (message !== undefined && batch.length === 1)
      return new Promise((resolve) => this.#take(message, (result) => resolve([result])));
    return Promise.all(
      batch.map((each) => new Promise<PublishResult>((resolve) => this.#take(each, resolve))),
    );
  }

  /** Publishes a message from the server again. Never rejects: a message that cannot be encoded is refused. */
  async forward(subject: string, message: WireMessage, metadata: WireMetadata): Promise<PublishResult> {
    try {
      const headers = headerBlock(message, metadata);
      const { body } = message;
      return await new Promise((settle) =>
        this.#enter({ subject, headers, body, settle, isReply: false, requires: undefined, sentAt: 0 }),
      );
    } catch (error) {
      return {
        ok: false,
        error: refusal("rejected", `The message cannot be encoded: ${describeThrown(error)}.`, error),
      };
    }
  }

  /** Processes the server's refusal of a subject. Returns whether a message to it was unconfirmed. */
  refuse(subject: string, reason: string): boolean {
    const isAwaited = this.#unconfirmed.refuse(subject, refusal("not-permitted", `${reason}.`));
    this.#pump();
    return isAwaited;
  }

  /** Returns why a message cannot be published, as far as this is known without asking the server. */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const encoding = encoded(message, this.#options);
    return "code" in encoding ? encoding : undefined;
  }

  #take(message: WireMessage, settle: (result: PublishResult) => void): void {
    const { destination, body } = message;
    const encoding = encoded(message, this.#options);
    if ("code" in encoding) return settle({ ok: false, error: encoding });
    const { subject, headers } = encoding;
    const requires = requiredConsumerOf(message);
    this.#enter({
      subject,
      headers,
      body,
      settle,
      isReply: destination.kind === "reply",
      requires,
      sentAt: 0,
    });
  }

  #enter(message: OutgoingMessage): void {
    const failure = this.#unavailable();
    if (failure !== undefined) return message.settle({ ok: false, error: failure });
    if (this.#waiting.length === 0 && this.#hasSpace && this.#existence.isKnown(message.requires))
      return this.#write(message);
    this.#waiting.push(message);
    this.#pump();
  }

  #unavailable(): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    if (this.#link === undefined) return refusal("disconnected", "There is no connection to NATS.");
    if (this.#waiting.length >= CAPACITY)
      return refusal("blocked", `${CAPACITY} messages already wait to be published.`);
    return undefined;
  }

  /** Whether the next message may be written. During a lookup it may not, because it would overtake the waiting ones. */
  get #hasSpace(): boolean {
    return !this.#existence.isLookingUp && this.#unconfirmed.size < WINDOW;
  }

  /** Writes waiting messages while the window has space. */
  #pump(): void {
    let sent = 0;
    while (sent < this.#waiting.length && this.#hasSpace) {
      const message = this.#waiting[sent];
      if (message === undefined) break;
      if (!this.#existence.isKnown(message.requires)) {
        this.#lookUp(message).catch(() => undefined);
        break;
      }
      sent += 1;
      this.#write(message);
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent);
  }

  /** Looks up the consumer that the first waiting message requires. */
  async #lookUp(message: OutgoingMessage): Promise<void> {
    const { requires } = message;
    if (requires === undefined || this.#link === undefined) return;
    const failure = await this.#existence.lookUp(this.#link, requires);
    if (failure !== undefined && this.#waiting[0] === message) {
      this.#waiting.shift();
      message.settle({ ok: false, error: failure });
    }
    this.#pump();
  }

  #write(message: OutgoingMessage): void {
    const { subject, headers, body, isReply, settle } = message;
    const link = this.#link;
    if (link === undefined)
      return settle({ ok: false, error: refusal("disconnected", "There is no connection to NATS.") });
    const token = (this.#count++).toString(36);
    const reply = isReply ? undefined : this.#prefix + token;
    // The server closes the connection of a client that exceeds these limits.
    const problem =
      sizeProblem(body.byteLength + headers.length, link.nc.info?.max_payload) ?? lineProblem(subject, reply);
    if (problem !== undefined) return settle(problem);
    link.writes.publish({ subject, body, headers, reply });
    if (isReply) this.#replies.add(settle, link);
    else this.#unconfirmed.add(token, message);
  }

  #receive(msg: Msg): void {
    const token = msg.subject.slice(this.#prefix.length);
    const message = this.#unconfirmed.get(token);
    if (message === undefined) return;
    const result = resultIn(msg.data);
    if (result === "no responders") this.#explain(token, message).catch(() => undefined);
    else this.#unconfirmed.settle(token, result);
    if (this.#waiting.length > 0) this.#pump();
  }

  async #explain(token: string, { subject }: OutgoingMessage): Promise<void> {
    this.#unconfirmed.settle(token, {
      ok: false,
      error: await this.#noResponders.explain(this.#link, subject),
    });
    this.#pump();
  }

  #refuseWaiting(error: PublishFailure): void {
    for (const { settle } of this.#waiting.splice(0)) settle({ ok: false, error });
  }
}
