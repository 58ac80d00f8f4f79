import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Arrived = event("parts.arrived", { data: z.object({ part: z.string() }), key: () => "bike" });

export const countsMessagesNotFacts: BugCase = {
  name: "counts messages instead of facts",
  bug: "The handler counts three messages as three parts, but a duplicate message is the same part.",
  make(world, isCorrect) {
    const messages = new Table<number>();
    const parts = new Table<true>();
    const [counter, store] = [world.outside("counter", messages), world.outside("store", parts)];
    let builtFrom: number | undefined;
    return {
      services: () => [
        service("workshop").on(Arrived, async ({ part }) => {
          await store.insert(part, true);
          const count = isCorrect ? parts.size : await counter.change("bike", (count = 0) => count + 1);
          if (count === 3) builtFrom ??= parts.size;
        }),
      ],
      acts: ["frame", "wheel", "bell"].map((part) => (bus) => bus.publish(Arrived, { part })),
      check: () => ensure(builtFrom === 3, `the bike was built from ${builtFrom ?? "no"} of 3 parts`),
    };
  },
};
