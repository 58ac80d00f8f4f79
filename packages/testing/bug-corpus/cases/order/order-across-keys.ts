import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Entry = z.object({ account: z.string(), from: z.string().optional() });
const Opened = event("bank.opened", { data: Entry, key: ({ account }) => account });

export const orderAcrossKeys: BugCase = {
  name: "order assumed across keys",
  bug: "A savings account is taken to be opened after the account it belongs to, which has another key.",
  make(world, isCorrect) {
    const accounts = new Table<string | undefined>();
    const database = world.outside("database", accounts);
    return {
      services: () => [
        service("ledger").on(Opened, async ({ account, from }) => {
          const isKnown = isCorrect || from === undefined || (await database.has(from));
          if (isKnown) await database.put(account, from); // whose account it is can be looked up later
        }),
      ],
      acts: [
        (bus) => bus.publish(Opened, { account: "giro" }),
        (bus) => bus.publish(Opened, { account: "savings", from: "giro" }),
      ],
      check: () => ensure(accounts.has("savings"), "the savings account was dropped"),
    };
  },
};
