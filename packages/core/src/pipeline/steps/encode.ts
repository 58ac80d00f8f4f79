import { encodeBinary } from "../../codec/cloudevents-binary.ts";
import { encodeStructured } from "../../codec/cloudevents-structured.ts";
import { encodePlain } from "../../codec/plain.ts";
import { conversionsSoFar } from "../../codec/json-check.ts";
import type { Clock } from "../../environment/clock.ts";
import { toMilliseconds } from "../../environment/duration.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { laneOf } from "../../message/lane.ts";
import type { PlainFormat } from "../../message/plain-format.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import { checkSize } from "../check-size.ts";
import { checkReadable } from "../incoming/check-readable.ts";
import type { SendOptions } from "../messenger.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** Encodes the envelope and its data, and adds destination, lane and delivery time. */
export function encodeBy(clock: Clock): Step<OutgoingMessage, MaybePromise<Envelope>> {
  const now = (): number => clock.now();
  return {
    name: "encode",
    run(message, next) {
      const { options, route } = message;
      const before = conversionsSoFar();
      const due = dueTime(options, now);
      message.wire =
        route.plain === undefined ? eventWire(message, due) : plainWire(message, route.plain, due);
      checkSize(message.wire, route.maxBytes, message.wire);
      if (conversionsSoFar() === before) return next(message);
      return andThen(checkReadable(message, clock), () => next(message));
    },
  };
}

function eventWire({ envelope, route }: OutgoingMessage, deliverAt: number | undefined): WireMessage {
  const { body, contentType, headers } =
    route.mode === "structured" ? encodeStructured(envelope) : encodeBinary(envelope, route.codec);
  const key = envelope.partitionKey;
  return {
    id: envelope.id,
    destination: route.destination,
    body,
    contentType,
    headers,
    type: envelope.type,
    correlationId: envelope.correlationId,
    key,
    lane: key === undefined || route.lanes === undefined ? undefined : laneOf(key, route.lanes),
    deliverAt,
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
    what: "The options delay and deliverAt are both given.",
    advice: "Give one of them; nothing was sent.",
  });
}

function timeOf(date: Date): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new MessagingError("invalid-option", {
    what: "The option deliverAt is not a valid Date.",
    advice: "Give a Date, or a delay such as '5m'; nothing was sent.",
  });
}
