import type { Msg, Subscription } from "@nats-io/transport-node";
import { describeThrown, refusal } from "@waybill/core/transport-kit";
import type {
  Cancel,
  Clock,
  PublishFailure,
  PublishResult,
  Random,
  WireMessage,
} from "@waybill/core/transport";
import { ConsumerExistence, type Needed } from "./consumer-existence.ts";
import { DEDUP_WINDOW_MS } from "../capabilities.ts";
import { heard, type ServerLink } from "../connection/connection.ts";
import { mintInbox } from "../wire/inbox-token.ts";
import { consumerName, groupConsumer, topicStream } from "../topology/names.ts";
import { lineProblem, resultIn, sizeProblem } from "./publish-results.ts";
import { subjectOf } from "./routes.ts";
import { LOST, UnconfirmedReplies } from "./unconfirmed-replies.ts";
import { NoResponders } from "./no-responders.ts";
import { headerProblem, headerBlock, type WireMetadata } from "../wire/message.ts";

/** How many may be on their way to the server. */
const WINDOW = 2_048;
/** How many may wait for the window, or for an answer about their destination. */
const CAPACITY = 20_000;
/**
 * How long the server may take to answer: far less than it remembers ids, so that a resend is recognised. What is on its
 * way when the leader of its stream is lost is never answered, and nothing says so.
 */
const PATIENCE_MS = DEDUP_WINDOW_MS / 24;

/** A message on its way, and who wants to know its fate. */
interface Entry {
  readonly subject: string;
  readonly headers: Buffer;
  readonly body: Uint8Array;
  readonly settle: (result: PublishResult) => void;
  /** A core message: nobody acknowledges it. */
  readonly isReply: boolean;
  /** Which consumer must exist for somebody to get it. */
  readonly needs: Needed | undefined;
  sentAt: number;
}

export interface PublisherOptions {
  readonly inboxPrefix: string;
  /** What addresses may begin with to which replies are sent. */
  readonly replyPrefixes: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /** Body and headers together, in bytes: less than the server takes, for what is stored of a message that failed. */
  readonly largestMessage: () => number;
}

/**
 * Publishes with one subscription for all acknowledgements: the client's own way makes a timer and two errors for each
 * message. Messages leave in the order of the calls. What is unanswered when the link goes is told as maybe stored; core
 * sends it again under its id, by which the server recognises it.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #pending = new Map<string, Entry>();
  #waiting: Entry[] = [];
  #link: ServerLink | undefined = undefined;
  #inbox: Subscription | undefined = undefined;
  #prefix = "";
  #count = 0;
  readonly #replies = new UnconfirmedReplies();
  readonly #unanswered = new NoResponders();
  readonly #audience = new ConsumerExistence();
  #isClosed = false;
  #cancelSweep: Cancel | undefined = undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Goes on with a new link. */
  open(link: ServerLink): void {
    const inbox = mintInbox(this.#options.inboxPrefix, "stored", this.#options.random);
    this.#prefix = `${inbox}.`;
    this.#inbox = link.nc.subscribe(
      `${inbox}.*`,
      heard((msg) => this.#answer(msg)),
    );
    this.#link = link;
    this.#audience.forget();
  }

  /** The link is gone. */
  lose(): void {
    this.#link = undefined;
    this.#inbox = undefined;
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { settle } of pending) settle(LOST);
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

  /** Stores what was read from the server once more. Never rejects: what cannot be written is refused for good. */
  async forward(subject: string, message: WireMessage, postmark: WireMetadata): Promise<PublishResult> {
    try {
      const headers = headerBlock(message, postmark);
      const { body } = message;
      return await new Promise((settle) =>
        this.#enter({ subject, headers, body, settle, isReply: false, needs: undefined, sentAt: 0 }),
      );
    } catch (error) {
      return {
        ok: false,
        error: refusal("rejected", `The message cannot be written: ${describeThrown(error)}.`, error),
      };
    }
  }

  /** The server does not let this user publish to a subject. Answers whether a message was on its way there. */
  refuse(subject: string, reason: string): boolean {
    const refused = [...this.#pending].filter(([, entry]) => entry.subject === subject);
    for (const [token] of refused)
      this.#end(token, { ok: false, error: refusal("not-permitted", `${reason}.`) });
    this.#pump();
    return refused.length > 0;
  }

  /** What is known to be refused without asking the server. */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const written = this.#written(message);
    return "code" in written ? written : undefined;
  }

  #take(message: WireMessage, settle: (result: PublishResult) => void): void {
    const { destination, lane, body } = message;
    const written = this.#written(message);
    if ("code" in written) return settle({ ok: false, error: written });
    const { subject, headers } = written;
    const needs =
      destination.kind === "group"
        ? {
            stream: topicStream(destination.topic),
            consumer: consumerName(groupConsumer(destination.group), lane),
          }
        : undefined;
    this.#enter({ subject, headers, body, settle, isReply: destination.kind === "reply", needs, sentAt: 0 });
  }

  /** Where a message goes and with which headers, or why it cannot. */
  #written(message: WireMessage): { readonly subject: string; readonly headers: Buffer } | PublishFailure {
    const { body, deliverAt } = message;
    const now = this.#options.clock.now();
    const problem = headerProblem(message.headers);
    if (problem !== undefined) return refusal("rejected", problem);
    const subject = subjectOf(message, { now, replyPrefixes: this.#options.replyPrefixes });
    if (typeof subject !== "string") return subject;
    const due = deliverAt !== undefined && deliverAt > now ? deliverAt : undefined;
    const headers = headerBlock(message, due === undefined ? undefined : { due });
    const tooLarge = sizeProblem(body.byteLength + headers.length, this.#options.largestMessage());
    return tooLarge?.ok === false ? tooLarge.error : { subject, headers };
  }

  #enter(entry: Entry): void {
    const failure = this.#away();
    if (failure !== undefined) return entry.settle({ ok: false, error: failure });
    if (this.#waiting.length === 0 && this.#isOpen && this.#audience.has(entry.needs))
      return this.#write(entry);
    this.#waiting.push(entry);
    this.#pump();
  }

  #away(): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    if (this.#link === undefined) return refusal("disconnected", "There is no connection to NATS.");
    if (this.#waiting.length >= CAPACITY) return refusal("blocked", `${CAPACITY} messages wait already.`);
    return undefined;
  }

  get #isOpen(): boolean {
    return !this.#audience.isAsking && this.#pending.size < WINDOW;
  }

  /** Writes what waits, as far as it may go. */
  #pump(): void {
    let sent = 0;
    while (sent < this.#waiting.length && this.#isOpen) {
      const entry = this.#waiting[sent];
      if (entry === undefined) break;
      if (!this.#audience.has(entry.needs)) {
        this.#check(entry).catch(() => undefined);
        break;
      }
      sent += 1;
      this.#write(entry);
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent);
  }

  /** Whether somebody would get what is first in line. */
  async #check(entry: Entry): Promise<void> {
    const { needs } = entry;
    if (needs === undefined || this.#link === undefined) return;
    const failure = await this.#audience.missing(this.#link, needs);
    if (failure !== undefined && this.#waiting[0] === entry) {
      this.#waiting.shift();
      entry.settle({ ok: false, error: failure });
    }
    this.#pump();
  }

  #write(entry: Entry): void {
    const { subject, headers, body, isReply, settle } = entry;
    const link = this.#link;
    if (link === undefined)
      return settle({ ok: false, error: refusal("disconnected", "There is no connection to NATS.") });
    const token = (this.#count++).toString(36);
    const reply = isReply ? undefined : this.#prefix + token;
    // The server would end the connection.
    const problem =
      sizeProblem(body.byteLength + headers.length, link.nc.info?.max_payload) ?? lineProblem(subject, reply);
    if (problem !== undefined) return settle(problem);
    link.writes.publish({ subject, body, headers, reply });
    if (isReply) return this.#replies.add(settle, link);
    entry.sentAt = this.#options.clock.now();
    this.#pending.set(token, entry);
    this.#cancelSweep ??= this.#options.clock.schedule(PATIENCE_MS, () => this.#sweep());
  }

  #answer(msg: Msg): void {
    const token = msg.subject.slice(this.#prefix.length);
    const entry = this.#pending.get(token);
    if (entry === undefined) return;
    const result = resultIn(msg.data);
    if (result === "nobody") this.#explain(token, entry).catch(() => undefined);
    else this.#end(token, result);
    if (this.#waiting.length > 0) this.#pump();
  }

  #end(token: string, result: PublishResult): void {
    const entry = this.#pending.get(token);
    this.#pending.delete(token);
    entry?.settle(result);
  }

  async #explain(token: string, { subject }: Entry): Promise<void> {
    this.#end(token, { ok: false, error: await this.#unanswered.why(this.#link, subject) });
    this.#pump();
  }

  /** Gives up on what was never answered; the oldest come first. */
  #sweep(): void {
    const { clock } = this.#options;
    const before = clock.now() - PATIENCE_MS;
    this.#cancelSweep = undefined;
    for (const [token, { sentAt, subject }] of this.#pending) {
      if (sentAt > before) {
        this.#cancelSweep = clock.schedule(sentAt - before, () => this.#sweep());
        break;
      }
      this.#end(token, {
        ok: false,
        error: {
          code: "disconnected",
          message: `NATS did not say within ${PATIENCE_MS} ms that it stored a message to ${subject}.`,
          maybeStored: true,
        },
      });
    }
    this.#pump();
  }

  #refuseWaiting(error: PublishFailure): void {
    for (const entry of this.#waiting.splice(0)) entry.settle({ ok: false, error });
  }
}
