import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Redeem = command("vouchers.redeem", { data: z.object({ voucher: z.number() }) });

export const clockReadTwice: BugCase = {
  name: "a clock read twice",
  bug: "The handler checks the expiry of a voucher twice, and the voucher can expire between both checks.",
  make(world, isCorrect) {
    const [used, paid] = [new Table<true>(), new Table<true>()];
    const [vouchers, till] = [world.outside("vouchers", used), world.outside("till", paid)];
    const end = world.now() + 60_000;
    const isGood = (): boolean => world.now() < end;
    return {
      services: () => [
        service("vouchers").handle(Redeem, async ({ voucher }) => {
          const wasGood = isGood() || (isCorrect && used.has(voucher));
          if (wasGood) await vouchers.put(voucher, true);
          if (isCorrect ? wasGood : isGood()) await till.put(voucher, true);
        }),
      ],
      acts: [1, 2, 3].map((voucher) => (bus) => bus.send(Redeem, { voucher })),
      check: () =>
        ensure(used.size === paid.size, `${used.size} vouchers are used, and ${paid.size} are paid out`),
    };
  },
};
