import { createBus, type Bus, type Command } from "@waybill/core";
import { keyedWorkOf, uniqueName } from "./contracts.ts";
import { DeliveryLog } from "./log/delivery-log.ts";
import { Members } from "./members.ts";
import { HandlingLog } from "./log/handling-log.ts";

/** How many members a service has at the start. */
export const MEMBERS = 3;

/** The members of a service, a publisher of its command, and the logs of both. */
export interface Consumers {
  readonly members: Members;
  readonly publisher: Bus;
  readonly work: Command;
  readonly log: DeliveryLog;
  readonly handlings: HandlingLog;
  readonly stop: () => Promise<void>;
}

/** Starts the members and the publisher; resolves when all have started. */
export async function startConsumers(url: string): Promise<Consumers> {
  const name = uniqueName();
  const work = keyedWorkOf(name);
  const log = new DeliveryLog();
  const handlings = new HandlingLog();
  const members = new Members({ url, name, log, handlings });
  await Promise.all(Array.from({ length: MEMBERS }, () => members.join()));
  const publisher = await createBus({ transport: url, name, sends: [work] });
  await publisher.start();
  return {
    members,
    publisher,
    work,
    log,
    handlings,
    async stop() {
      await Promise.all([publisher.stop(), members.stop()]);
    },
  };
}
