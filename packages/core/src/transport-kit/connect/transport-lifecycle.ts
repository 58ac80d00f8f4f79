import { MessagingError, describeThrown, isMessagingError } from "../../environment/messaging-error.ts";
import { quietly } from "../../environment/quietly.ts";
import type { PublishResult, ReplyInbox, Subscription, TransportState } from "../../spi/transport.ts";
import { TransportStates } from "./transport-states.ts";

/** What a transport says that nobody has asked about. */
type Tell = (notice: string) => void;

/** So many texts are remembered. */
const MOST_TOLD = 1_000;

/**
 * For adapters: what every transport has from its making to its end: its state and who hears of it, what is open on it,
 * refusals while there is no connection, and the way it closes.
 */
export class TransportLifecycle<Member extends Subscription, Inbox extends ReplyInbox> {
  readonly #broker: string;
  readonly #states = new TransportStates();
  readonly #members = new Set<Member>();
  readonly #inboxes = new Set<Inbox>();
  readonly #told = new Set<string>();
  readonly #closed: PublishResult;
  #tell: Tell = () => undefined;

  /** @param broker its name, as people write it */
  constructor(broker: string) {
    this.#broker = broker;
    const message = `The ${broker} transport is closed.`;
    this.#closed = { ok: false, error: { code: "closed", message, maybeStored: false } };
  }

  /** `connect` was called. @throws MessagingError `closed` */
  begin(tell: Tell | undefined): void {
    if (this.isClosed) throw this.#closedError();
    if (tell !== undefined) this.#tell = tell;
  }

  get isClosed(): boolean {
    return this.state.status === "closed";
  }

  get state(): TransportState {
    return this.#states.present;
  }

  /** What is subscribed. */
  get members(): ReadonlySet<Member> {
    return this.#members;
  }

  get inboxes(): ReadonlySet<Inbox> {
    return this.#inboxes;
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#states.listen(listener);
  }

  /** Once closed, it stays so. */
  become(status: TransportState["status"], reason: string | undefined): void {
    if (this.isClosed) return;
    if (status === "ready") this.#told.clear();
    this.#states.become(status, reason);
  }

  /** Says something to whoever runs the process; the same text once until the connection comes back the next time. */
  tell(notice: string): void {
    if (this.#told.has(notice) || this.isClosed) return;
    if (this.#told.size === MOST_TOLD) this.#told.clear();
    this.#told.add(notice);
    quietly(() => this.#tell(notice));
  }

  /** Rejects what cannot be done without a connection, and always with a MessagingError. @param link absent: there is none */
  whileConnected<Link, Answer>(
    link: Link | undefined,
    work: (link: Link) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.isClosed) return Promise.reject(this.#closedError());
    if (link !== undefined) return work(link).catch((error: unknown) => this.#named(error));
    const what = `There is no connection to ${this.#broker}.`;
    return Promise.reject(new MessagingError("disconnected", { what, advice: "Wait until it is ready." }));
  }

  /** An adapter names what its broker answers; what it did not expect is no bare error of a client either. */
  #named(cause: unknown): never {
    if (isMessagingError(cause)) throw cause;
    const what = `${this.#broker} did not answer as expected: ${describeThrown(cause)}.`;
    throw new MessagingError("disconnected", {
      what,
      advice: "Wait until it is ready; see the cause.",
      cause,
    });
  }

  /** The answer for messages that are published to what is closed. */
  refused(batch: readonly unknown[]): readonly PublishResult[] {
    return batch.map(() => this.#closed);
  }

  /** What `subscribe` answers: the member is one of this transport until it is drained. @throws MessagingError `closed` */
  enrol(member: Member): Subscription {
    if (this.isClosed) throw this.#closedError();
    this.#members.add(member);
    return {
      credit: (window) => member.credit(window),
      drain: async (deadline) => {
        await member.drain(deadline);
        this.#members.delete(member);
      },
    };
  }

  /** What `openReplyInbox` answers: the inbox is one of this transport until it is closed. @throws MessagingError `closed` */
  admit(inbox: Inbox): ReplyInbox {
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

  /** Drains what is subscribed, and then ends the connection; the second time nothing is left to do. */
  async close(deadline: number, end: () => Promise<unknown> | void): Promise<void> {
    if (this.isClosed) return;
    this.#states.become("closed", undefined);
    await Promise.all([...this.#members].map((member) => member.drain(deadline)));
    await end();
    this.#states.end();
  }

  #closedError(): MessagingError {
    const what = `The ${this.#broker} transport is closed.`;
    return new MessagingError("closed", { what, advice: "Make a new one." });
  }
}
