import { createBus, event, service } from "@waybill/core";
import { Order, orderOf } from "./order.ts";

const OrderPlaced = event("bench.order", { data: Order });
/** The number of messages that are published before their confirmations are awaited. */
const WINDOW = 64;

export interface ThroughTheBus {
  run(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Returns the work from publish to handled, over a memory broker of its own. */
export async function throughTheBus(
  handle: (data: { orderId: number }) => Promise<void>,
): Promise<ThroughTheBus> {
  let left = 0;
  let finish: () => void = () => undefined;
  const counting = service("shop").on(OrderPlaced, (order) => {
    const handled = handle(order);
    left -= 1;
    if (left === 0) finish();
    return handled;
  });
  const bus = await createBus({ transport: "memory:", services: [counting], concurrency: WINDOW });
  await bus.start();
  return {
    async run(count) {
      left = count;
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      for (let first = 0; first < count; first += WINDOW) {
        const sent: Promise<unknown>[] = [];
        for (let orderId = first; orderId < Math.min(count, first + WINDOW); orderId++)
          sent.push(bus.publish(OrderPlaced, orderOf(orderId)));
        await Promise.all(sent);
      }
      await finished;
    },
    stop: () => bus.stop(),
  };
}
