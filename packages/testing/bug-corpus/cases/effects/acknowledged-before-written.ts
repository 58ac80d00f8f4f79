import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Measured = event("sensors.measured", { data: z.object({ value: z.number() }) });

export const acknowledgedBeforeWritten: BugCase = {
  name: "acknowledged before it is written",
  bug: "Values are gathered in memory and written two at a time: those that wait are acknowledged, and lost in a crash.",
  make(world, isCorrect) {
    const values = new Table<true>();
    const store = world.outside("store", {
      write: (all: readonly number[]) => all.map((one) => values.put(one, true)),
    });
    return {
      services: () => {
        let gathered: number[] = [];
        return [
          service("sensors").on(Measured, async ({ value }) => {
            if (isCorrect) return void (await store.write([value]));
            gathered.push(value);
            if (gathered.length < 2) return;
            const full = gathered;
            gathered = [];
            await store.write(full);
          }),
        ];
      },
      acts: [1, 2, 3, 4].map((value) => (bus) => bus.publish(Measured, { value })),
      check: () => ensure(values.size === 4, `${values.size} values of 4 are written`),
    };
  },
};
