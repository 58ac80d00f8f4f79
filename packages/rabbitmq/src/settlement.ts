import type { Clock, PublishResult, Settlement } from "@waybill/core/transport";
import { sleep } from "@waybill/core/transport";
import type { RabbitmqDelivery } from "./delivery.ts";
import { LONGEST_DELAY_MS } from "./delays.ts";
import { deadLettersName } from "./names.ts";
import type { Publisher } from "./publisher.ts";
import { toLater, toQueue, type Route } from "./routes.ts";
import { forwardedProperties } from "./wire.ts";

/** How long a message waits that cannot be moved on at the moment. */
const PAUSE_MS = 250;

/** What moves messages on: the publisher, and the names of where they come from and go to. */
export interface Mover {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** The service whose dead letters they become. */
  readonly group: string;
}

type Moving = Exclude<Settlement, { readonly type: "ack" | "release" }>;

/**
 * Stores a delivery's next appearance: later in its own queue, or among the dead letters. True once it is stored, so
 * that the delivery may be acknowledged; false when it was taken back meanwhile. Until then it is tried again and again:
 * a message that can be neither moved nor handled stays where it is.
 */
export async function moveOn(
  delivery: RabbitmqDelivery,
  settlement: Moving,
  { publisher, clock, group, queue }: Mover & { readonly queue: string },
): Promise<boolean> {
  const isRetry = settlement.type === "retry";
  const properties = forwardedProperties(delivery.raw, {
    headers: settlement.headers ?? {},
    attempts: isRetry ? delivery.attempt : 0,
  });
  const dueAt = isRetry ? clock.now() + Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  while (delivery.isLive) {
    const route = isRetry ? later(queue, dueAt - clock.now()) : toQueue(deadLettersName(group));
    const result: PublishResult = await publisher.forward(route, {
      content: delivery.raw.content,
      properties,
    });
    if (result.ok) return delivery.isLive;
    await sleep(clock, PAUSE_MS);
  }
  return false;
}

function later(queue: string, delayMs: number): Route {
  return delayMs > 0 ? toLater({ kind: "queue", name: queue }, delayMs) : toQueue(queue);
}
