import type { Clock, Settlement } from "@waybill/core/transport";
import type { ForwardOutcome, Forwarding } from "@waybill/core/transport-kit";
import type { RabbitmqDelivery } from "./delivery.ts";
import { LONGEST_DELAY_MS } from "../topology/delays.ts";
import { deadLettersName } from "../topology/names.ts";
import type { Publisher } from "../publish/publisher.ts";
import { delayedRoute, routeToQueue, type Route } from "../publish/routes.ts";
import { foreignHeaders, forwardedProperties } from "../wire/message.ts";

/** The parts of a subscription that forward messages. */
export interface ForwardContext {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** The service whose dead letters the messages become. */
  readonly group: string;
}

export interface ForwardRequest extends ForwardContext {
  readonly forwarding: Forwarding;
  /** The queue that delivered the message. */
  readonly queue: string;
  /** Called when the delivery begins to rest and no longer counts towards the window. */
  readonly onRest: () => void;
}

/**
 * Stores a delivery as a delayed retry in its own queue, or as a dead letter. The caller acknowledges the delivery once its
 * copy is stored. A message that cannot be stored stays in its queue.
 */
export function forwardDelivery(
  delivery: RabbitmqDelivery,
  settlement: Exclude<Settlement, { readonly type: "ack" | "release" }>,
  { publisher, clock, group, queue, forwarding, onRest }: ForwardRequest,
): Promise<ForwardOutcome> {
  const { raw } = delivery;
  const isRetry = settlement.type === "retry";
  const dueAt = isRetry ? clock.now() + Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  const target = isRetry ? queue : deadLettersName(group);
  return forwarding.forward({
    delivery,
    destination: `queue ${target}`,
    headers: settlement.headers,
    foreign: () => foreignHeaders(raw),
    store: ({ headers, isBare }) =>
      publisher.forward(routeWithDelay(target, dueAt - clock.now()), {
        content: raw.content,
        properties: forwardedProperties(raw, {
          headers,
          attempts: isRetry ? delivery.attempt : 0,
          isBare,
          isDeadLetter: !isRetry,
        }),
      }),
    onRest,
  });
}

function routeWithDelay(queue: string, delayMs: number): Route {
  return delayMs > 0 ? delayedRoute({ kind: "queue", name: queue }, delayMs) : routeToQueue(queue);
}
