import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Count = command("votes.count", { data: z.object({ vote: z.number() }) });

export const trustsAttemptNumbers: BugCase = {
  name: "a counter that trusts attempt numbers",
  bug: "The handler takes attempt 1 for a new message, but not every broker counts lost deliveries.",
  make(world, isCorrect) {
    const votes = new Table<true>();
    const count = (vote: number, isSurelyNew: boolean): void => {
      if (votes.insert(vote, true) || isSurelyNew) world.effect("vote", vote);
    };
    const box = world.outside("ballot box", { count });
    return {
      services: () => [
        service("votes").handle(Count, ({ vote }, { attempt }) =>
          box.count(vote, !isCorrect && attempt === 1),
        ),
      ],
      acts: [1, 2, 3].map((vote) => (bus) => bus.send(Count, { vote })),
      properties: [exactlyOnce("vote", [1, 2, 3])],
    };
  },
};
