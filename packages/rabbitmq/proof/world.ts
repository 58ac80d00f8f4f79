import { connect, type ChannelModel } from "amqplib";
import type { OwnBroker } from "@waybill/brokers";
import { command, service, type Command, type Service } from "@waybill/core";
import { z } from "zod";

/** A command, its service, and the orders that its handler received. */
export interface Orders {
  readonly PlaceOrder: Command<typeof Order>;
  readonly shop: Service;
  readonly handled: number[];
}

const Order = z.object({ orderId: z.number().int() });

/** Returns a service with one command, `<name>.place-order`. */
export function ordersOf(name: string): Orders {
  const PlaceOrder = command(`${name}.place-order`, { data: Order });
  const handled: number[] = [];
  const shop = service(name).handle(PlaceOrder, ({ orderId }) => void handled.push(orderId));
  return { PlaceOrder, shop, handled };
}

/** Returns the same URL with another user or virtual host. */
export function urlWith(
  url: string,
  { user, vhost }: { readonly user?: string; readonly vhost?: string },
): string {
  const asUser = user === undefined ? url : url.replace("guest:guest", user);
  return vhost === undefined ? asUser : `${asUser}/${encodeURIComponent(vhost)}`;
}

/** Runs `work` with amqplib, for operations that no Waybill application does. */
export async function withClient<Answer>(
  { url }: Pick<OwnBroker, "url">,
  work: (model: ChannelModel) => Promise<Answer>,
): Promise<Answer> {
  const model = await connect(url);
  model.on("error", () => undefined);
  try {
    return await work(model);
  } finally {
    await model.close().catch(() => undefined);
  }
}
