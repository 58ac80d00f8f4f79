import type { Subscription } from "@nats-io/transport-node";
import type { Cancel, Clock } from "@waybill/core/transport";
import { heard, type ServerLink } from "../connection/connection.ts";

export interface MemberGossipOptions {
  /** Where they tell each other that they are there. */
  readonly subject: string;
  /** Nobody else's. */
  readonly id: string;
  readonly clock: Clock;
  /** Who has said nothing for so long is gone. */
  readonly patienceMs: number;
  readonly onChange: () => void;
}

const GOODBYE = "-";
/** Anybody may say a name: so many are counted, more than there are lanes. */
const MOST_MEMBERS = 1_000;
const NAME = /^[\w-]{1,40}$/;
/** Those who join together are answered together. */
const ANSWER_MS = 20;

/** Who shares the lanes of a source: each member says so now and then, and at once when another one joins. */
export class MemberGossip {
  readonly #options: MemberGossipOptions;
  readonly #heard = new Map<string, number>();
  #link: ServerLink | undefined = undefined;
  #subscription: Subscription | undefined = undefined;
  #cancelAnswer: Cancel | undefined = undefined;

  constructor(options: MemberGossipOptions) {
    this.#options = options;
  }

  /** This one included. */
  get count(): number {
    return this.#heard.size + 1;
  }

  open(link: ServerLink): void {
    this.#link = link;
    this.#heard.clear();
    this.#subscription = link.nc.subscribe(
      this.#options.subject,
      heard((msg) => this.#hear(msg.string())),
    );
    this.tell();
  }

  /** That this member is there; and forgets who has not for too long. */
  tell(): void {
    this.#publish(this.#options.id);
    const before = this.#options.clock.now() - this.#options.patienceMs;
    for (const [id, at] of this.#heard) if (at < before) this.#heard.delete(id);
  }

  leave(): void {
    this.#publish(GOODBYE + this.#options.id);
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

  #hear(text: string): void {
    const isGoodbye = text.startsWith(GOODBYE);
    const id = isGoodbye ? text.slice(GOODBYE.length) : text;
    if (id === this.#options.id || !NAME.test(id)) return;
    if (!isGoodbye && !this.#heard.has(id) && this.#heard.size >= MOST_MEMBERS) return;
    const isChange = this.#heard.has(id) === isGoodbye;
    if (isGoodbye) this.#heard.delete(id);
    else this.#heard.set(id, this.#options.clock.now());
    if (!isChange) return;
    if (!isGoodbye) this.#answerSoon();
    this.#options.onChange();
  }

  /** A member that joins must know soon how many there are. */
  #answerSoon(): void {
    this.#cancelAnswer ??= this.#options.clock.schedule(ANSWER_MS, () => {
      this.#cancelAnswer = undefined;
      this.#publish(this.#options.id);
    });
  }
}
