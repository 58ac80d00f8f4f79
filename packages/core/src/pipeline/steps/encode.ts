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
import { sizeOf } from "../../message/wire-size.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import { tooLarge } from "../outgoing/too-large.ts";
import { checkReadable } from "../incoming/check-readable.ts";
import type { SendOptions } from "../messenger.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** Writes the bytes and says where they go. */
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
      checkSize(message);
      if (conversionsSoFar() === before) return next(message);
      return andThen(checkReadable(message, clock), () => next(message));
    },
  };
}

function checkSize({ wire, route: { type, maxBytes } }: OutgoingMessage): void {
  if (maxBytes === undefined) return;
  const bytes = sizeOf(wire);
  if (bytes > maxBytes) throw tooLarge(type, wire.id, { bytes, maxBytes });
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
