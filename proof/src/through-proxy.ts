import { TcpProxy } from "@waybill/conformance/proxy";
import { createBus, service, type Bus, type Command } from "@waybill/core";
import { uniqueName, workOf } from "./contracts.ts";
import { Ledger } from "./ledger/ledger.ts";
import { addressOf, urlAt, type Site } from "./site.ts";

/** A publisher and a consumer at work, and all that stands between them and the broker. */
export interface Proxied {
  readonly publisher: Pick<Bus, "send">;
  readonly work: Command;
  readonly ledger: Ledger;
  readonly proxy: TcpProxy;
  readonly stop: () => Promise<void>;
}

/** Starts a publisher and a consumer that reach the broker through a proxy, each with connections of its own. */
export async function throughProxy({ broker, transportAt }: Site): Promise<Proxied> {
  const proxy = await TcpProxy.open(addressOf(broker.url));
  const transport = (): ReturnType<NonNullable<typeof transportAt>> =>
    transportAt?.(proxy.address) ?? urlAt(broker.url, proxy.address);
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  const publisher = await createBus({
    transport: transport(),
    name,
    sends: [work],
    timeouts: { publish: "2m" },
  });
  const consumer = await createBus({
    transport: transport(),
    services: [service(name).handle(work, ({ number }) => ledger.handled(number))],
  });
  await publisher.start();
  await consumer.start();
  return {
    publisher,
    work,
    ledger,
    proxy,
    stop: async () => {
      await Promise.all([publisher.stop(), consumer.stop()]);
      await proxy.close();
    },
  };
}
