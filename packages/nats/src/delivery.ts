import type { Msg } from "@nats-io/transport-node";
import type { Delivery, WireMessage } from "@waybill/core/transport";
import type { Read } from "./wire.ts";

const REVOKED = "the server takes the message back";

/** Where a delivery stands, as its acknowledgement subject says (NATS ADR-15: with 9 tokens, or 11 and more). */
export interface Standing {
  /** Of the message in its stream. */
  readonly sequence: number;
  /** 1 for the first delivery. */
  readonly deliveries: number;
}

export function standingOf(reply: string): Standing {
  const tokens = reply.split(".");
  const at = tokens.length < 11 ? 4 : 6;
  return { deliveries: Number(tokens[at]), sequence: Number(tokens[at + 1]) };
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
  /** Whether it has been held for a while: its lease must be renewed. */
  isHeld = false;
  #controller: AbortController | undefined = undefined;

  constructor(reply: string, { sequence, deliveries }: Standing, { message, attempts, due }: Read) {
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

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (!this.isLive) this.#controller.abort(REVOKED);
    }
    return this.#controller.signal;
  }

  revoke(): void {
    this.isLive = false;
    this.#controller?.abort(REVOKED);
  }
}
