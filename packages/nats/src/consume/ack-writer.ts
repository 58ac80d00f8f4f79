import type { Clock } from "@waybill/core/transport";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import type { ServerLink } from "../connection/connection.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bodies of acknowledgements, which go to the delivery's own subject (NATS: JetStream wire API, acknowledgements). */
export const ACK_BODY: Uint8Array = bytes("+ACK");
/** Renews the lease. */
const WORKING_BODY: Uint8Array = bytes("+WPI");
const NAK_BODY: Uint8Array = bytes("-NAK");

/** After this many acknowledgements the writer asks the server whether it has read them. */
const MOST_UNCONFIRMED = 512;

interface Nak {
  readonly reply: string;
  readonly body: Uint8Array;
  readonly at: number;
}

/**
 * Writes acknowledgements. The server does not confirm them, and it may never read those that were written just before a
 * connection was lost. The writer repeats these on the next link; otherwise the server would redeliver handled messages,
 * and delayed messages too early. The server accepts a late ack. A late nak could take the message from its next consumer,
 * so the writer confirms each nak at once.
 */
export class AckWriter {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  #link: ServerLink | undefined = undefined;
  #acks: string[] = [];
  #naks: Nak[] = [];
  #isConfirming = false;

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** Continues on a new link, and repeats the unconfirmed acknowledgements there. */
  open(link: ServerLink): void {
    if (this.#link === link) return;
    this.#link = link;
    for (const subject of this.#acks) link.writes.publish({ subject, body: ACK_BODY });
    const before = this.#clock.now() - this.#leaseMs;
    this.#naks = this.#naks.filter(({ at }) => at > before);
    for (const { reply, body } of this.#naks) link.writes.publish({ subject: reply, body });
    if (this.#naks.length > 0) this.confirm();
  }

  lose(): void {
    this.#link = undefined;
    this.#isConfirming = false;
  }

  ack(reply: string): void {
    if (!this.#write(reply, ACK_BODY)) return;
    this.#acks.push(reply);
    if (this.#acks.length >= MOST_UNCONFIRMED) this.confirm();
  }

  /** Asks the server to redeliver the message after a delay, to any process of the group. */
  nak(reply: string, delayMs: number): void {
    // The server takes nanoseconds in 64 bits, and reads a greater number as no delay.
    const ms = Math.min(Math.ceil(delayMs), LONGEST_DELAY_MS);
    const body = delayMs <= 0 ? NAK_BODY : bytes(`-NAK {"delay": ${ms}000000}`);
    if (!this.#write(reply, body)) return;
    this.#naks.push({ reply, body, at: this.#clock.now() });
    this.confirm();
  }

  /** Writes a nak on the next link, for a message that was in flight when the connection was lost. */
  nakOnNextLink(reply: string): void {
    this.#naks.push({ reply, body: NAK_BODY, at: this.#clock.now() });
  }

  working(reply: string): void {
    this.#write(reply, WORKING_BODY);
  }

  /** Asks the server whether it has read the acknowledgements, and then forgets those. */
  confirm(): void {
    const link = this.#link;
    if (link === undefined || this.#isConfirming || this.#acks.length + this.#naks.length === 0) return;
    this.#isConfirming = true;
    const [acks, naks] = [this.#acks.length, this.#naks.length];
    void link.writes.flushed().then(() => {
      if (this.#link !== link || link.nc.isClosed()) return;
      this.#isConfirming = false;
      this.#acks = this.#acks.slice(acks);
      this.#naks = this.#naks.slice(naks);
      if (this.#naks.length > 0) this.confirm();
    });
  }

  #write(reply: string, body: Uint8Array): boolean {
    const link = this.#link;
    if (link === undefined || link.nc.isClosed()) return false;
    link.writes.publish({ subject: reply, body });
    return true;
  }
}
