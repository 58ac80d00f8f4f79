import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS, delayRoute } from "../topology/delays.ts";
import { UNDELIVERED, entityIn, groupName, laneName, routingWord } from "../topology/names.ts";
import { isReplyAddress } from "../wire/reply-address.ts";

/**
 * An exchange or a queue. It must exist before a message is published to it: RabbitMQ closes the channel of a message to a
 * missing exchange.
 */
export interface Entity {
  readonly kind: "exchange" | "queue";
  readonly name: string;
}

/** The exchange and routing key of a message. */
export interface Route {
  readonly exchange: string;
  readonly routingKey: string;
  /** Whether it is the exchange of a topic, which may have no queue. RabbitMQ returns any other message without a queue. */
  readonly isTopic: boolean;
  readonly needs: readonly Entity[];
  /** The target of a delayed message as `kind/name`, if it is too long for the routing key. A header carries it. */
  readonly target?: string;
}

const NOTHING: readonly Entity[] = [];

/** Returns the route to a queue, through the default exchange. */
export function routeToQueue(name: string): Route {
  return { exchange: "", routingKey: name, isTopic: false, needs: NOTHING };
}

/** Returns the route to an exchange or a queue. */
export function routeTo(entity: Entity): Route {
  return entity.kind === "queue"
    ? routeToQueue(entity.name)
    : {
        exchange: entity.name,
        routingKey: "",
        isTopic: true,
        needs: [entity],
      };
}

/** Returns the route to an exchange or a queue through the delay queues. */
export function delayedRoute(entity: Entity, delayMs: number): Route {
  const { exchange, routingKey } = delayRoute(delayMs, routingWord(entity.kind, entity.name));
  const needs: readonly Entity[] = [entity, { kind: "exchange", name: exchange }];
  const route = { exchange, routingKey, isTopic: false, needs };
  return entityIn(routingKey)?.name === entity.name
    ? route
    : { ...route, target: `${entity.kind}/${entity.name}` };
}

/** Returns the queue or exchange of a route, for error messages. */
export function targetText({ exchange, routingKey }: Route): string {
  return exchange === "" ? `queue ${routingKey}` : `exchange ${exchange}`;
}

/** Returns the route of a message, or the failure if it has none. */
export function routeOf(message: WireMessage, now: () => number): Route | PublishFailure {
  const { destination, lane } = message;
  if (destination.kind === "reply")
    return isReplyAddress(destination.address)
      ? routeToQueue(destination.address)
      : refusal("rejected", "The reply address does not belong to a RabbitMQ transport.");
  const entity = entityOf(destination, lane);
  const delayMs = message.deliverAt === undefined ? 0 : message.deliverAt - now();
  if (delayMs > LONGEST_DELAY_MS)
    return refusal(
      "delay-too-long",
      `A delay of ${delayMs} ms is longer than the longest delay of ${LONGEST_DELAY_MS} ms.`,
    );
  if (delayMs > 0) return delayedRoute(entity, delayMs);
  return routeTo(entity);
}

type StoredDestination = Exclude<WireMessage["destination"], { readonly kind: "reply" }>;

function entityOf(destination: StoredDestination, lane: number | undefined): Entity {
  switch (destination.kind) {
    case "queue":
      return { kind: "queue", name: laneName(destination.name, lane) };
    case "topic":
      return { kind: "exchange", name: laneName(destination.name, lane) };
    case "group":
      // A dead letter of an event whose exchange was missing is replayed: it goes to the exchange.
      if (destination.group === UNDELIVERED)
        return { kind: "exchange", name: laneName(destination.topic, lane) };
      return {
        kind: "queue",
        name: laneName(groupName(destination.topic, destination.group), lane),
      };
  }
}
