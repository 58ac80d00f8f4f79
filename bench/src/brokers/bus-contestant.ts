import { command, createBus, service } from "@waybill/core";
import { z } from "zod";
import { Order, orderOf } from "../order.ts";
import { Countdown, PREFETCH, WINDOW, inWindows, type Contestant } from "./contestant.ts";

/** Returns the work through a bus on any transport. */
export async function busContestant(transport: string, prefix: string): Promise<Contestant> {
  const PlaceOrder = command(`${prefix}.place-order`, { data: Order });
  const Quote = command(`${prefix}.quote`, { data: Order, reply: z.object({ price: z.number() }) });
  const countdown = new Countdown();
  const shop = service(`${prefix}.shop`)
    .handle(PlaceOrder, () => countdown.one())
    .handle(Quote, ({ orderId }) => ({ price: orderId * 2 }));
  const bus = await createBus({ transport, services: [shop], concurrency: PREFETCH });
  await bus.start();
  return {
    name: "waybill",
    async throughput(count) {
      const handled = countdown.start(count);
      await inWindows(count, WINDOW, (orderId) => bus.send(PlaceOrder, orderOf(orderId)));
      await handled;
    },
    requests: (count, concurrency) =>
      inWindows(count, concurrency, (orderId) => bus.request(Quote, orderOf(orderId))),
    stop: () => bus.stop(),
  };
}
