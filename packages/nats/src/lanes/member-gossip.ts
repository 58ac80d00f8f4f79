import type { Subscription } from "@nats-io/transport-node";
import type { Cancel, Clock } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";

export interface MemberGossipOptions {
  /** The subject on which the members announce themselves. */
  readonly subject: string;
  /** The unique id of this member. */
  readonly id: string;
  readonly clock: Clock;
  /** A member that has announced nothing for this time counts as gone. */
  readonly timeoutMs: number;
  readonly onChange: () => void;
}

/** In front of the id of a member that leaves. */
const LEAVE_PREFIX = "-";
/** Anybody may announce an id, so the number of counted members is bounded, above the number of lanes. */
const MOST_MEMBERS = 1_000;
const ID = /^[\w-]{1,40}$/;
/** The time in which one answer serves all members that join. */
const ANSWER_MS = 20;

/** Counts the members that share the lanes of a source. Each member announces itself regularly, and soon after another one joins. */
export class MemberGossip {
  readonly #options: MemberGossipOptions;
  readonly #lastHeard = new Map<string, number>();
  #link: ServerLink | undefined = undefined;
  #subscription: Subscription | undefined = undefined;
  #cancelAnswer: Cancel | undefined = undefined;

  constructor(options: MemberGossipOptions) {
    this.#options = options;
  }

  /** The number of members, this one included. */
  get count(): number {
    return this.#lastHeard.size + 1;
  }

  open(link: ServerLink): void {
    this.#link = link;
    this.#lastHeard.clear();
    this.#subscription = link.nc.subscribe(
      this.#options.subject,
      messagesOnly((msg) => this.#receive(msg.string())),
    );
    this.announce();
  }

  /** Announces this member, and forgets members that have timed out. */
  announce(): void {
    this.#publish(this.#options.id);
    const before = this.#options.clock.now() - this.#options.timeoutMs;
    for (const [id, at] of this.#lastHeard) if (at < before) this.#lastHeard.delete(id);
  }

  leave(): void {
    this.#publish(LEAVE_PREFIX + this.#options.id);
    this.#subscription?.unsubscribe();
    this.lose();
  }

  lose(): void {
    this.#cancelAnswer?.();
    this.#cancelAnswer = undefined;
    this.#link = undefined;
    this.#subscription = undefined;
  }

  #publish(text: string): void {
    const { nc } = this.#link ?? {};
    if (nc !== undefined && !nc.isClosed()) nc.publish(this.#options.subject, text);
  }

  #receive(text: string): void {
    const isLeaving = text.startsWith(LEAVE_PREFIX);
    const id = isLeaving ? text.slice(LEAVE_PREFIX.length) : text;
    if (id === this.#options.id || !ID.test(id)) return;
    if (!isLeaving && !this.#lastHeard.has(id) && this.#lastHeard.size >= MOST_MEMBERS) return;
    const isChange = this.#lastHeard.has(id) === isLeaving;
    if (isLeaving) this.#lastHeard.delete(id);
    else this.#lastHeard.set(id, this.#options.clock.now());
    if (!isChange) return;
    if (!isLeaving) this.#answerSoon();
    this.#options.onChange();
  }

  /** Answers a member that joins soon, because it must know how many members there are. */
  #answerSoon(): void {
    this.#cancelAnswer ??= this.#options.clock.schedule(ANSWER_MS, () => {
      this.#cancelAnswer = undefined;
      this.#publish(this.#options.id);
    });
  }
}
