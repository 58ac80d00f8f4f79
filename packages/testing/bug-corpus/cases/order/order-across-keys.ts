import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Entry = z.object({ account: z.string(), from: z.string().optional() });
const Opened = event("bank.opened", { data: Entry, key: ({ account }) => account });

export const orderAcrossKeys: BugCase = {
  name: "order assumed across keys",
  bug: "The handler assumes that an account is opened before its savings account, but both have different keys and so no order.",
  make(world, isCorrect) {
    const accounts = new Table<string | undefined>();
    const database = world.outside("database", accounts);
    return {
      services: () => [
        service("ledger").on(Opened, async ({ account, from }) => {
          const isKnown = isCorrect || from === undefined || (await database.has(from));
          if (isKnown) await database.put(account, from); // the parent account can be looked up later
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
