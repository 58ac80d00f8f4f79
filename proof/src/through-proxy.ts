import { TcpProxy } from "@waybill/conformance/proxy";
import { createBus, service, type Bus, type Command } from "@waybill/core";
import { uniqueName, workOf } from "./contracts.ts";
import { DeliveryLog } from "./log/delivery-log.ts";
import { addressOf, urlAt, type Target } from "./target.ts";

/** A publisher and a consumer that reach the broker only through a proxy. */
export interface Proxied {
  readonly publisher: Pick<Bus, "send">;
  readonly work: Command;
  readonly log: DeliveryLog;
  readonly proxy: TcpProxy;
  readonly stop: () => Promise<void>;
}

/** Starts a proxy, a publisher and a consumer; each of the two has connections of its own. */
export async function throughProxy({ broker, transportAt }: Target): Promise<Proxied> {
  const proxy = await TcpProxy.open(addressOf(broker.url));
  const transport = (): ReturnType<NonNullable<typeof transportAt>> =>
    transportAt?.(proxy.address) ?? urlAt(broker.url, proxy.address);
  const name = uniqueName();
  const work = workOf(name);
  const log = new DeliveryLog();
  const publisher = await createBus({
    transport: transport(),
    name,
    sends: [work],
    timeouts: { publish: "2m" },
  });
  const consumer = await createBus({
    transport: transport(),
    services: [service(name).handle(work, ({ number }) => log.handled(number))],
  });
  await publisher.start();
  await consumer.start();
  return {
    publisher,
    work,
    log,
    proxy,
    stop: async () => {
      await Promise.all([publisher.stop(), consumer.stop()]);
      await proxy.close();
    },
  };
}
