import type { Msg } from "@nats-io/transport-node";
import type { Delivery, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";
import type { Read } from "../wire/message.ts";

/** Where a delivery stands, as its acknowledgement subject says (NATS ADR-15: with 9 tokens, or 11 and more). */
export interface AckMetadata {
  /** Of the message in its stream. */
  readonly sequence: number;
  /** 1 for the first delivery. */
  readonly deliveries: number;
}

export function ackMetadataOf(reply: string): AckMetadata {
  const at = afterDots(reply, afterDots(reply, 10) === -1 ? 4 : 6);
  const next = reply.indexOf(".", at);
  return {
    deliveries: Number(reply.slice(at, next)),
    sequence: Number(reply.slice(next + 1, reply.indexOf(".", next + 1))),
  };
}

/** The how manyeth delivery of its consumer it is, as its acknowledgement subject says. */
export function orderOf(reply: string): number {
  const at = afterDots(reply, afterDots(reply, 10) === -1 ? 6 : 8);
  return Number(reply.slice(at, reply.indexOf(".", at)));
}

/** The message's place in its stream: its sequence and the time at which it was stored, as its acknowledgement subject says. */
export function placeOf(reply: string): string {
  const [sequence, , stored] = reply.slice(afterDots(reply, afterDots(reply, 10) === -1 ? 5 : 7)).split(".");
  return `${sequence}:${stored}`;
}

/** Where the token after so many dots begins; -1 where there are fewer. Once for each message: no list of tokens is made. */
function afterDots(text: string, dots: number): number {
  let at = 0;
  for (let seen = 0; seen < dots; seen++) {
    at = text.indexOf(".", at) + 1;
    if (at === 0) return -1;
  }
  return at;
}

/** Whether a message in a pull's inbox is one of the stream, and no word about the pull itself. */
export function isFromStream(msg: Msg): boolean {
  return msg.reply?.startsWith("$JS.ACK.") === true;
}

/** A message in this process's hands, until it is settled or taken back. */
export class NatsDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource: "broker" | "unknown";
  readonly lane: number | undefined;
  /** The subject that takes the answer. */
  readonly reply: string;
  readonly sequence: number;
  /** Not before this time, in milliseconds since the Unix epoch; 0 for what has none. */
  readonly due: number;
  /** It was delivered before. */
  readonly isAgain: boolean;
  /** Until it is settled or taken back: later answers are ignored. */
  isLive = true;
  /** Who was taken before and after it: for the list of what is in hand. */
  before: NatsDelivery | undefined = undefined;
  after: NatsDelivery | undefined = undefined;
  /** Whether it has been held for a while: its lease must be renewed. */
  isHeld = false;

  constructor(reply: string, { sequence, deliveries }: AckMetadata, { message, attempts, due }: Read) {
    this.reply = reply;
    this.sequence = sequence;
    this.isAgain = deliveries > 1;
    this.message = message;
    this.lane = message.lane;
    this.due = due ?? 0;
    // What was not due yet was seen too early once, or never: then it has one attempt more than told.
    this.attempt = Math.max(1, attempts + deliveries - (due === undefined ? 0 : 1));
    this.attemptSource = due === undefined ? "broker" : "unknown";
  }

  /** No other message has it, also of a stream that was made anew. */
  get place(): string {
    return placeOf(this.reply);
  }

  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
