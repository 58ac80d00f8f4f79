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
  name: "a worker that was given up still writes",
  bug: "A process whose messages the broker took back goes on, and writes over what its successor wrote since.",
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
      check: () => ensure(profiles.get("ada") === 3, `version ${profiles.get("ada")} has won over 3`),
    };
  },
};
