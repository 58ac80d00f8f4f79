import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS, delayRoute } from "../topology/delays.ts";
import { UNDELIVERED, groupName, placeIn, placeName, routingWord } from "../topology/names.ts";
import { isReplyAddress } from "../wire/reply-address.ts";

/** An exchange or a queue that must exist before a message may be published: to a missing exchange costs the channel. */
export interface Entity {
  readonly kind: "exchange" | "queue";
  readonly name: string;
}

export interface Route {
  readonly exchange: string;
  readonly routingKey: string;
  /** The exchange of a topic: nobody need listen. Everywhere else the broker returns a message that reaches no queue. */
  readonly isTopic: boolean;
  readonly needs: readonly Entity[];
  /** The name of a place that the routing key does not tell: it travels in a header. */
  readonly place?: string;
}

const NOTHING: readonly Entity[] = [];

/** The way to a queue of that name: through the default exchange. */
export function toQueue(name: string): Route {
  return { exchange: "", routingKey: name, isTopic: false, needs: NOTHING };
}

/** The way to an exchange or a queue of that name. */
export function toPlace(place: Entity): Route {
  return place.kind === "queue"
    ? toQueue(place.name)
    : {
        exchange: place.name,
        routingKey: "",
        isTopic: true,
        needs: [place],
      };
}

/** The way through the delays to a place. */
export function toLater(place: Entity, delayMs: number): Route {
  const { exchange, routingKey } = delayRoute(delayMs, routingWord(place.kind, place.name));
  const needs: readonly Entity[] = [place, { kind: "exchange", name: exchange }];
  const route = { exchange, routingKey, isTopic: false, needs };
  return placeIn(routingKey)?.name === place.name
    ? route
    : { ...route, place: `${place.kind}/${place.name}` };
}

/** Where a message goes, or why it goes nowhere. */
export function routeOf(message: WireMessage, now: () => number): Route | PublishFailure {
  const { destination, lane } = message;
  if (destination.kind === "reply")
    return isReplyAddress(destination.address)
      ? toQueue(destination.address)
      : refusal("rejected", "No RabbitMQ transport minted the reply address.");
  const place = placeOf(destination, lane);
  const delayMs = message.deliverAt === undefined ? 0 : message.deliverAt - now();
  if (delayMs > LONGEST_DELAY_MS)
    return refusal("delay-too-long", `A delay of ${delayMs} ms is longer than ${LONGEST_DELAY_MS} ms.`);
  if (delayMs > 0) return toLater(place, delayMs);
  return toPlace(place);
}

type Kept = Exclude<WireMessage["destination"], { readonly kind: "reply" }>;

function placeOf(destination: Kept, lane: number | undefined): Entity {
  switch (destination.kind) {
    case "queue":
      return { kind: "queue", name: placeName(destination.name, lane) };
    case "topic":
      return { kind: "exchange", name: placeName(destination.name, lane) };
    case "group":
      // Replayed: a delayed event whose exchange was missing when it came due.
      if (destination.group === UNDELIVERED)
        return { kind: "exchange", name: placeName(destination.topic, lane) };
      return {
        kind: "queue",
        name: placeName(groupName(destination.topic, destination.group), lane),
      };
  }
}
