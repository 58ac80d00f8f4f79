import type { Clock, Settlement } from "@waybill/core/transport";
import type { Fate, Forwarding } from "@waybill/core/transport-kit";
import type { RabbitmqDelivery } from "./delivery.ts";
import { LONGEST_DELAY_MS } from "../topology/delays.ts";
import { deadLettersName } from "../topology/names.ts";
import type { Publisher } from "../publish/publisher.ts";
import { toLater, toQueue, type Route } from "../publish/routes.ts";
import { foreignHeaders, forwardedProperties } from "../wire/message.ts";

/** What moves messages on: the publisher, and the names of where they come from and go to. */
export interface Mover {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** The service whose dead letters they become. */
  readonly group: string;
}

export interface Moving extends Mover {
  readonly forwarding: Forwarding;
  /** Where the message was read. */
  readonly queue: string;
  /** The message takes no place in the window from now on. */
  readonly onRest: () => void;
}

/**
 * Stores a delivery's next appearance: later in its own queue, or among the dead letters. Once it is stored the delivery
 * may be acknowledged. A message that can be neither moved nor handled stays where it is.
 */
export function moveOn(
  delivery: RabbitmqDelivery,
  settlement: Exclude<Settlement, { readonly type: "ack" | "release" }>,
  { publisher, clock, group, queue, forwarding, onRest }: Moving,
): Promise<Fate> {
  const { raw } = delivery;
  const isRetry = settlement.type === "retry";
  const dueAt = isRetry ? clock.now() + Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  const place = isRetry ? queue : deadLettersName(group);
  return forwarding.forward({
    delivery,
    destination: `queue ${place}`,
    headers: settlement.headers,
    foreign: () => foreignHeaders(raw),
    store: ({ headers, isBare }) =>
      publisher.forward(later(place, dueAt - clock.now()), {
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

function later(queue: string, delayMs: number): Route {
  return delayMs > 0 ? toLater({ kind: "queue", name: queue }, delayMs) : toQueue(queue);
}
