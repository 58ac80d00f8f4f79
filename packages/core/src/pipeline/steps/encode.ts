import { encodeBinary } from "../../codec/cloudevents-binary.ts";
import { encodeStructured } from "../../codec/cloudevents-structured.ts";
import { encodePlain } from "../../codec/plain.ts";
import { toMilliseconds } from "../../ground/duration.ts";
import { MessagingError } from "../../ground/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { laneOf } from "../../message/lane.ts";
import type { PlainFormat } from "../../message/plain-format.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SendOptions } from "../messenger.ts";
import type { OutgoingMessage } from "../outgoing-message.ts";

/** Writes the bytes and says where they go. */
export function encodeAt(now: () => number): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "encode",
    run(message, next) {
      const { envelope, route } = message;
      if (route.plain !== undefined) {
        message.wire = plainWire(message, route.plain, dueTime(message.options, now));
        return next(message);
      }
      const { body, contentType, headers } =
        route.mode === "structured" ? encodeStructured(envelope) : encodeBinary(envelope, route.codec);
      const key = envelope.partitionKey;
      message.wire = {
        id: envelope.id,
        destination: route.destination,
        body,
        contentType,
        headers,
        type: envelope.type,
        correlationId: envelope.correlationId,
        key,
        lane: key === undefined || route.lanes === undefined ? undefined : laneOf(key, route.lanes),
        deliverAt: dueTime(message.options, now),
      };
      return next(message);
    },
  };
}

function plainWire(
  { envelope, route }: OutgoingMessage,
  format: PlainFormat,
  deliverAt: number | undefined,
): WireMessage {
  const content = encodePlain(envelope, format);
  const key = content.record?.key;
  return {
    ...content,
    id: envelope.id,
    destination: route.destination,
    type: envelope.type,
    correlationId: envelope.correlationId,
    lane: key === undefined || route.lanes === undefined ? undefined : laneOf(key, route.lanes),
    deliverAt,
  };
}

function dueTime({ delay, deliverAt }: SendOptions, now: () => number): number | undefined {
  if (delay === undefined) return deliverAt === undefined ? undefined : timeOf(deliverAt);
  if (deliverAt === undefined) return now() + toMilliseconds(delay, "delay");
  throw new MessagingError("invalid-option", {
    what: "Both delay and deliverAt are given.",
    advice: "Give one of them; nothing was sent.",
  });
}

function timeOf(date: Date): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new MessagingError("invalid-option", {
    what: "deliverAt is not a valid Date.",
    advice: "Give a Date, or a delay such as '5m'; nothing was sent.",
  });
}
