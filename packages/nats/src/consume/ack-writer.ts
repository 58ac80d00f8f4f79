import type { Clock } from "@waybill/core/transport";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import type { ServerLink } from "../connection/connection.ts";

/** What is said of a delivery, to its own subject (NATS: JetStream wire API, acknowledgements). */
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const ACKED: Uint8Array = bytes("+ACK");
/** Its lease begins anew. */
const WORKING: Uint8Array = bytes("+WPI");
const BACK: Uint8Array = bytes("-NAK");

/** So many answers are made sure of together. */
const MOST_UNSURE = 512;

interface Return {
  readonly reply: string;
  readonly answer: Uint8Array;
  readonly at: number;
}

/**
 * Says what became of deliveries. The server does not confirm it, and what was written when a connection goes may never
 * have been read: then it is said again on the next one, or what was handled would come again, and what waits for its
 * time too early. The server takes a late acknowledgement; a late return could take the message from who has it by then, so
 * of returns it is made sure at once.
 */
export class AckWriter {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  #link: ServerLink | undefined = undefined;
  #acks: string[] = [];
  #returns: Return[] = [];
  #isMakingSure = false;

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** Goes on with a new link. */
  open(link: ServerLink): void {
    if (this.#link === link) return;
    this.#link = link;
    for (const subject of this.#acks) link.writes.publish({ subject, body: ACKED });
    const before = this.#clock.now() - this.#leaseMs;
    this.#returns = this.#returns.filter(({ at }) => at > before);
    for (const { reply, answer } of this.#returns) link.writes.publish({ subject: reply, body: answer });
    if (this.#returns.length > 0) this.makeSure();
  }

  lose(): void {
    this.#link = undefined;
    this.#isMakingSure = false;
  }

  ack(reply: string): void {
    if (!this.#say(reply, ACKED)) return;
    this.#acks.push(reply);
    if (this.#acks.length >= MOST_UNSURE) this.makeSure();
  }

  /** It comes again after so many milliseconds, to anybody. */
  nak(reply: string, delayMs: number): void {
    // The server takes nanoseconds in 64 bits, and reads more than fits as no delay at all.
    const ms = Math.min(Math.ceil(delayMs), LONGEST_DELAY_MS);
    const answer = delayMs <= 0 ? BACK : bytes(`-NAK {"delay": ${ms}000000}`);
    if (!this.#say(reply, answer)) return;
    this.#returns.push({ reply, answer, at: this.#clock.now() });
    this.makeSure();
  }

  /** The same of what was held when the connection went: said on the next one. */
  giveBackLater(reply: string): void {
    this.#returns.push({ reply, answer: BACK, at: this.#clock.now() });
  }

  working(reply: string): void {
    this.#say(reply, WORKING);
  }

  /** Forgets what the server has read. */
  makeSure(): void {
    const link = this.#link;
    if (link === undefined || this.#isMakingSure || this.#acks.length + this.#returns.length === 0) return;
    this.#isMakingSure = true;
    const [acks, returns] = [this.#acks.length, this.#returns.length];
    void link.writes.flushed().then(() => {
      if (this.#link !== link || link.nc.isClosed()) return;
      this.#isMakingSure = false;
      this.#acks = this.#acks.slice(acks);
      this.#returns = this.#returns.slice(returns);
      if (this.#returns.length > 0) this.makeSure();
    });
  }

  #say(reply: string, answer: Uint8Array): boolean {
    const link = this.#link;
    if (link === undefined || link.nc.isClosed()) return false;
    link.writes.publish({ subject: reply, body: answer });
    return true;
  }
}
