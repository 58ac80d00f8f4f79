import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Register = command("people.register", { data: z.object({ name: z.string(), person: z.number() }) });

export const checkThenAct: BugCase = {
  name: "check-then-act on a uniqueness rule",
  bug: "The handler checks that a name is free and takes it in two calls, so two people can get the same name.",
  make(world, isCorrect) {
    const names = new Table<number>();
    const told = new Table<string>();
    const database = world.outside("database", names);
    return {
      services: () => [
        service("people").handle(Register, async ({ name, person }) => {
          if (isCorrect) await database.insert(name, person);
          else if (!(await database.has(name))) {
            await database.put(name, person);
            told.put(person, name);
          }
          if (isCorrect && (await database.get(name)) === person) told.put(person, name);
        }),
      ],
      acts: [1, 2].map((person) => (bus) => bus.send(Register, { name: "ada", person })),
      check: () => ensure(told.size <= 1, "two people were told that the name is theirs"),
    };
  },
};
