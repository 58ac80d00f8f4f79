import type { Msg } from "@nats-io/transport-node";
import type { Clock, Delivery, Destination, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";
import { readMessage, type DecodedMessage } from "../wire/message.ts";

/** The counters in the acknowledgement subject of a delivery (NATS ADR-15: 9 tokens, or 11 and more). */
export interface AckMetadata {
  /** The stream sequence of the message. */
  readonly sequence: number;
  /** How often the consumer has delivered the message, from 1. */
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

/** Returns the consumer sequence of a delivery: the number of deliveries of its consumer so far. */
export function consumerSequenceOf(reply: string): number {
  const at = afterDots(reply, afterDots(reply, 10) === -1 ? 6 : 8);
  return Number(reply.slice(at, reply.indexOf(".", at)));
}

/** Returns the stream sequence and the storage time of a message. Both together differ also from those of a deleted stream with the same name. */
export function streamPositionOf(reply: string): string {
  const [sequence, , stored] = reply.slice(afterDots(reply, afterDots(reply, 10) === -1 ? 5 : 7)).split(".");
  return `${sequence}:${stored}`;
}

/**
 * Returns the index after the given number of dots; -1 if there are fewer. Called for each message, so it makes no
 * array of tokens.
 */
function afterDots(text: string, dots: number): number {
  let at = 0;
  for (let seen = 0; seen < dots; seen++) {
    at = text.indexOf(".", at) + 1;
    if (at === 0) return -1;
  }
  return at;
}

/** Returns whether a message in a pull inbox comes from the stream; otherwise it is a status message. */
export function isFromStream(msg: Msg): boolean {
  return msg.reply?.startsWith("$JS.ACK.") === true;
}

/** A message in flight. */
export class NatsDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource: "broker" | "unknown";
  readonly lane: number | undefined;
  /** The subject that takes the acknowledgement. */
  readonly reply: string;
  readonly sequence: number;
  /** The earliest time of dispatch, in milliseconds since the Unix epoch; 0 without one. */
  readonly due: number;
  readonly isRedelivery: boolean;
  /** False once it is settled or revoked; later settlements are ignored. */
  isLive = true;
  /** Its neighbours in the list of messages in flight. */
  before: NatsDelivery | undefined = undefined;
  after: NatsDelivery | undefined = undefined;
  /** Whether it was already in flight at the last renewal of leases, so that the next renewal includes it. */
  needsRenewal = false;

  constructor(
    reply: string,
    { sequence, deliveries }: AckMetadata,
    { message, attempts, due }: DecodedMessage,
  ) {
    this.reply = reply;
    this.sequence = sequence;
    this.isRedelivery = deliveries > 1;
    this.message = message;
    this.lane = message.lane;
    this.due = due ?? 0;
    // The server usually delivers a delayed message once before it is due, which is no attempt. If it did not, this count is one too low.
    this.attempt = Math.max(1, attempts + deliveries - (due === undefined ? 0 : 1));
    this.attemptSource = due === undefined ? "broker" : "unknown";
  }

  /** The stream sequence and the storage time. */
  get position(): string {
    return streamPositionOf(this.reply);
  }

  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}

/** The facts of a consumer that its deliveries share. */
export interface DeliverySource {
  readonly stream: string;
  readonly destination: Destination;
  readonly lane: number | undefined;
  readonly clock: Clock;
}

/** Returns the delivery of a message. A foreign message without an id gets the same id in each delivery. */
export function deliveryOf(msg: Msg, { stream, destination, lane, clock }: DeliverySource): NatsDelivery {
  const { reply = "" } = msg;
  const decoded = readMessage(msg, { destination, lane, now: clock.now() });
  if (decoded.message.id !== "") return new NatsDelivery(reply, ackMetadataOf(reply), decoded);
  const message = { ...decoded.message, id: `${stream}/${streamPositionOf(reply)}` };
  return new NatsDelivery(reply, ackMetadataOf(reply), { ...decoded, message });
}
