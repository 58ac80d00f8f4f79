import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Book = command("travel.book", { data: z.object({ trip: z.number() }) });

export const lostAnswerTakenForFailure: BugCase = {
  name: "a lost answer taken for a failure",
  bug: "The handler books the second airline when the first does not answer, but the first has booked too: only its answer is lost.",
  make(world, isCorrect) {
    const seats = new Table<string>();
    const book = (airline: string, trip: number): void => {
      if (seats.insert(isCorrect ? trip : `${airline} ${trip}`, airline)) world.effect("seat", trip);
    };
    const airlines = world.outside("airlines", { book });
    return {
      services: () => [
        service("travel").handle(Book, async ({ trip }) => {
          try {
            await airlines.book("first", trip);
          } catch (error) {
            if (isCorrect) throw error; // the retry asks for the same seat
            await airlines.book("second", trip);
          }
        }),
      ],
      acts: [1, 2].map((trip) => (bus) => bus.send(Book, { trip })),
      properties: [exactlyOnce("seat", [1, 2])],
    };
  },
};
