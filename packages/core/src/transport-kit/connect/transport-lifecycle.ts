import { MessagingError, describeThrown, isMessagingError } from "../../environment/messaging-error.ts";
import { Observers } from "../../environment/observers.ts";
import { quietly } from "../../environment/quietly.ts";
import type { PublishResult, ReplyInbox, Subscription, TransportState } from "../../spi/transport.ts";

/** Reports a warning to the operator. */
type Warn = (text: string) => void;

/** The number of warnings that are remembered, so that none is repeated. */
const MOST_REMEMBERED = 1_000;

/**
 * For adapters: the lifecycle of a transport: its state and the observers of it, the open subscriptions and inboxes, refusals
 * without a connection, and the order of closing.
 */
export class TransportLifecycle<Member extends Subscription, Inbox extends ReplyInbox> {
  readonly #broker: string;
  readonly #observers = new Observers<TransportState>();
  readonly #subscriptions = new Set<Member>();
  readonly #inboxes = new Set<Inbox>();
  readonly #warnings = new Set<string>();
  readonly #closed: PublishResult;
  #state: TransportState = { status: "connecting", reason: undefined };
  #warn: Warn = () => undefined;

  /** @param broker the broker's name, as people write it */
  constructor(broker: string) {
    this.#broker = broker;
    const message = `The ${broker} transport is closed.`;
    this.#closed = { ok: false, error: { code: "closed", message, maybeStored: false } };
  }

  /** To be called first in `connect`. @throws MessagingError `closed` */
  begin(warn: Warn | undefined): void {
    if (this.isClosed) throw this.#closedError();
    if (warn !== undefined) this.#warn = warn;
  }

  get isClosed(): boolean {
    return this.state.status === "closed";
  }

  get state(): TransportState {
    return this.#state;
  }

  /** The subscriptions that are not drained. */
  get subscriptions(): ReadonlySet<Member> {
    return this.#subscriptions;
  }

  /** The inboxes that are open. */
  get inboxes(): ReadonlySet<Inbox> {
    return this.#inboxes;
  }

  /** Calls `observer` with the present state, and with every later one. Returns a function that removes it. */
  onState(observer: (state: TransportState) => void): () => void {
    const remove = this.#observers.add(observer);
    observer(this.#state);
    return remove;
  }

  /** Sets the state and calls the observers; does nothing for the present status. A closed transport stays closed. */
  setState(status: TransportState["status"], reason: string | undefined): void {
    if (this.isClosed) return;
    if (status === "ready") this.#warnings.clear();
    if (status === this.#state.status) return;
    const state = { status, reason };
    this.#state = state;
    this.#observers.notify(() => state);
  }

  /**
   * Warns the operator about a problem that no caller can be told; each text once until the connection is ready
   * again.
   */
  warn(text: string): void {
    if (this.#warnings.has(text) || this.isClosed) return;
    if (this.#warnings.size === MOST_REMEMBERED) this.#warnings.clear();
    this.#warnings.add(text);
    quietly(() => this.#warn(text));
  }

  /**
   * Does work that needs a connection.
   * @param link undefined without a connection
   * @throws MessagingError `closed`, `disconnected`; an error of the client becomes the cause of one
   */
  whileConnected<Link, Answer>(
    link: Link | undefined,
    work: (link: Link) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.isClosed) return Promise.reject(this.#closedError());
    if (link !== undefined) return work(link).catch((error: unknown) => this.#unexpected(error));
    const what = `There is no connection to ${this.#broker}.`;
    return Promise.reject(new MessagingError("disconnected", { what, advice: "Wait until it is ready." }));
  }

  /** An adapter gives the broker's errors a code; any other error of the client gets one here. */
  #unexpected(cause: unknown): never {
    if (isMessagingError(cause)) throw cause;
    throw new MessagingError("disconnected", {
      what: `${this.#broker} did not answer as expected: ${describeThrown(cause)}.`,
      advice: "Wait until it is ready; see the cause.",
      cause,
    });
  }

  /** Returns the results of messages that are published to a closed transport. */
  closedResults(batch: readonly unknown[]): readonly PublishResult[] {
    return batch.map(() => this.#closed);
  }

  /**
   * Returns the answer of `subscribe`. The subscription belongs to this transport until it is drained.
   * @throws MessagingError `closed`
   */
  addSubscription(subscription: Member): Subscription {
    if (this.isClosed) throw this.#closedError();
    this.#subscriptions.add(subscription);
    return {
      credit: (window) => subscription.credit(window),
      drain: async (deadline) => {
        await subscription.drain(deadline);
        this.#subscriptions.delete(subscription);
      },
    };
  }

  /**
   * Returns the answer of `openReplyInbox`. The inbox belongs to this transport until it is closed.
   * @throws MessagingError `closed`
   */
  addInbox(inbox: Inbox): ReplyInbox {
    if (this.isClosed) throw this.#closedError();
    this.#inboxes.add(inbox);
    return {
      get address() {
        return inbox.address;
      },
      close: () => {
        this.#inboxes.delete(inbox);
        return inbox.close();
      },
    };
  }

  /** Drains all subscriptions, then calls `end` to close the connection. A second call does nothing. */
  async close(deadline: number, end: () => Promise<unknown> | void): Promise<void> {
    if (this.isClosed) return;
    this.setState("closed", undefined);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.drain(deadline)));
    await end();
  }

  #closedError(): MessagingError {
    const what = `The ${this.#broker} transport is closed.`;
    return new MessagingError("closed", { what, advice: "Create a new transport." });
  }
}
