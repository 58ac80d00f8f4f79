import { TcpProxy } from "@waybill/conformance/proxy";
import { createBus, service } from "@waybill/core";
import { uniqueName, workOf } from "../contracts.ts";
import { Ledger } from "../ledger.ts";
import { load } from "../load.ts";
import { addressOf, urlAt, type Trial } from "../site.ts";

const RESETS = 10;

/** Publisher and consumer lose all their connections, ten times, while messages go out and come in. */
export const connectionsReset: Trial = async ({ broker, transportAt }, { messages }) => {
  const proxy = await TcpProxy.open(addressOf(broker.url));
  const transport = (): ReturnType<NonNullable<typeof transportAt>> =>
    transportAt?.(proxy.address) ?? urlAt(broker.url, proxy.address);
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  const publisher = await createBus({ transport: transport(), name, sends: [work] });
  const consumer = await createBus({
    transport: transport(),
    services: [service(name).handle(work, ({ number }) => ledger.handled(number))],
  });
  await publisher.start();
  await consumer.start();

  const loading = load(publisher, { work, ledger }, messages);
  for (let reset = 1; reset <= RESETS; reset++) {
    await ledger.reached(Math.floor((messages * reset) / (RESETS + 1)));
    ledger.trouble();
    proxy.reset();
  }
  await loading;
  await ledger.settled();
  await Promise.all([publisher.stop(), consumer.stop()]);
  await proxy.close();
  return ledger.outcome(`${RESETS} connection resets`, { note: `${proxy.accepted} connections were made` });
};
