import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Update = command("profiles.update", {
  data: z.object({ person: z.string(), version: z.number() }),
  key: ({ person }) => person,
});

export const lateWorkerOverwrites: BugCase = {
  name: "a replaced worker still writes",
  bug: "A process continues after the broker has taken its message back, and overwrites the newer data of its successor.",
  make(world, isCorrect) {
    const profiles = new Table<number>();
    const [picture, database] = [
      world.outside("picture service", { scale: () => undefined }),
      world.outside("database", profiles),
    ];
    return {
      services: () => [
        service("profiles").handle(Update, async ({ person, version }) => {
          await picture.scale();
          await database.change(person, (old = 0) => (isCorrect ? Math.max(old, version) : version));
        }),
      ],
      acts: [1, 2, 3].map((version) => (bus) => bus.send(Update, { person: "ada", version })),
      check: () =>
        ensure(profiles.get("ada") === 3, `the last version is ${profiles.get("ada")} instead of 3`),
    };
  },
};
