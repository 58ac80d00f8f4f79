import { createBus, type Bus, type Command } from "@waybill/core";
import { keyedWorkOf, uniqueName } from "./contracts.ts";
import { Ledger } from "./ledger/ledger.ts";
import { Members } from "./ledger/members.ts";
import { Membership } from "./ledger/membership.ts";

/** How many members a service has while nobody joins or leaves. */
export const MEMBERS = 3;

/** The members of a service, who gives them work, and what is written down of both. */
export interface Team {
  readonly members: Members;
  readonly publisher: Bus;
  readonly work: Command;
  readonly ledger: Ledger;
  readonly membership: Membership;
  readonly stop: () => Promise<void>;
}

/** Resolves once every member has its place. */
export async function assemble(url: string): Promise<Team> {
  const name = uniqueName();
  const work = keyedWorkOf(name);
  const ledger = new Ledger();
  const membership = new Membership();
  const members = new Members({ url, name, ledger, membership });
  await Promise.all(Array.from({ length: MEMBERS }, () => members.join()));
  const publisher = await createBus({ transport: url, name, sends: [work] });
  await publisher.start();
  return {
    members,
    publisher,
    work,
    ledger,
    membership,
    async stop() {
      await Promise.all([publisher.stop(), members.stop()]);
    },
  };
}
