import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Deposited = event("bank.deposited", {
  data: z.object({ account: z.string(), deposit: z.number() }),
  key: ({ account }) => account,
});

type Deposits = readonly number[];

export const staleCacheOfALane: BugCase = {
  name: "a cache filled by the wrong lane owner",
  bug: "The owner of a lane caches an account. When the lane moves away and returns, the cache is out of date.",
  make(world, isCorrect) {
    const accounts = new Table<Deposits>();
    const database = world.outside("database", accounts);
    const including =
      (deposit: number) =>
      (all: Deposits = []): Deposits => [...all.filter((one) => one !== deposit), deposit];
    return {
      services: () => {
        const cache = new Map<string, Deposits>();
        return [
          service("ledger").on(Deposited, async ({ account, deposit }) => {
            if (isCorrect) return void (await database.change(account, including(deposit)));
            const before = cache.get(account) ?? (await database.get(account));
            const after = including(deposit)(before);
            await database.put(account, after);
            cache.set(account, after);
          }),
        ];
      },
      acts: [1, 2, 3, 4].map((deposit) => (bus) => bus.publish(Deposited, { account: "ada", deposit })),
      check: () =>
        ensure(accounts.get("ada")?.length === 4, `${accounts.get("ada")?.length} of 4 deposits are booked`),
    };
  },
};
