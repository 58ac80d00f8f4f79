import { event, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Signed = event("people.signed-up", { data: z.object({ person: z.string() }) });

export const memoryAcrossInstances: BugCase = {
  name: "state kept in memory across instances",
  bug: "A process remembers the welcomed people in its memory, which the other instance does not see.",
  make(world, isCorrect) {
    const shared = new Table<true>();
    const post = world.outside("post", {
      welcome: (person: string) => {
        if (!isCorrect || shared.insert(person, true)) world.effect("letter", person);
      },
    });
    return {
      services: () => {
        const welcomed = new Set<string>();
        return [
          service("welcome").on(Signed, async ({ person }) => {
            if (welcomed.has(person)) return;
            welcomed.add(person);
            await post.welcome(person).catch((error: unknown) => {
              welcomed.delete(person);
              throw error;
            });
          }),
        ];
      },
      acts: ["ada", "bob"].map((person) => (bus) => bus.publish(Signed, { person })),
      properties: [exactlyOnce("letter", ["ada", "bob"])],
    };
  },
};
