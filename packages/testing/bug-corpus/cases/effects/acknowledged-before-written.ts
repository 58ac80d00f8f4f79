import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Measured = event("sensors.measured", { data: z.object({ value: z.number() }) });

export const acknowledgedBeforeWritten: BugCase = {
  name: "acknowledged before it is written",
  bug: "The handler collects values in memory and writes two at a time. A crash loses a value that is acknowledged and not written.",
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
      check: () => ensure(values.size === 4, `${values.size} of 4 values are written`),
    };
  },
};
