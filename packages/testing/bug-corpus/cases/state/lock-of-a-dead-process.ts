import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Print = command("printer.print", { data: z.object({ page: z.number() }) });

export const lockOfADeadProcess: BugCase = {
  name: "the lock of a dead process",
  bug: "A handler takes a lock without a lease, so a process that crashes before the release holds it for ever.",
  make(world, isCorrect) {
    const locks = new Table<number>();
    const printer = world.outside("printer", {
      lock: (): boolean => {
        const until = locks.get("printer");
        if (until !== undefined && (!isCorrect || until > world.now())) return false;
        locks.put("printer", world.now() + 30_000); // a lease, which only the correct application checks
        return true;
      },
      print: (page: number) => world.effect("page", page),
      unlock: () => locks.remove("printer"),
    });
    return {
      services: () => [
        service("printer").handle(Print, async ({ page }) => {
          while (!(await printer.lock())) await world.sleep("5s");
          try {
            await printer.print(page);
          } finally {
            await printer.unlock();
          }
        }),
      ],
      acts: [1, 2].map((page) => (bus) => bus.send(Print, { page })),
    };
  },
};
