import { command, isMessagingError, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Book = command("courier.book", {
  data: z.object({ order: z.number(), booking: z.string() }),
  reply: z.object({ courier: z.string() }),
});

export const timeoutAndLateReply: BugCase = {
  name: "timeout and late reply both acted on",
  bug: "After a timeout the client repeats its request under a new number, and the service carries out both requests.",
  make(world, isCorrect) {
    const bookings = new Table<number>();
    const couriers = world.outside("couriers", {
      book: (booking: string, order: number) => {
        if (bookings.insert(booking, order)) world.effect("courier", order);
      },
    });
    return {
      services: () => [
        service("courier").handle(Book, async ({ order, booking }) => {
          await couriers.book(booking, order);
          return { courier: booking };
        }),
      ],
      acts: [1, 2].map((order) => async (bus) => {
        for (let tries = 1; tries <= 3; tries++)
          try {
            const booking = isCorrect ? `order-${order}` : `order-${order}-${tries}`;
            return await bus.request(Book, { order, booking }, { timeout: "5s" });
          } catch (error) {
            if (!isMessagingError(error)) throw error;
          }
        return undefined;
      }),
      properties: [exactlyOnce("courier", [1, 2])],
    };
  },
};
