import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Booking = z.object({ booking: z.string() });
const Reserve = command("hotel.reserve", { data: Booking });
const Release = command("hotel.release", { data: Booking });

export const compensationBeforeCause: BugCase = {
  name: "compensation before its cause",
  bug: "The cancellation of a booking overtakes the booking and finds nothing to cancel, so the booking remains.",
  make(world, isCorrect) {
    const bookings = new Table<"taken" | "free">();
    const hotel = world.outside("hotel", bookings);
    return {
      services: () => [
        service("hotel")
          .handle(Reserve, async ({ booking }) => void (await hotel.insert(booking, "taken")))
          .handle(Release, async ({ booking }) => {
            if (isCorrect) await hotel.put(booking, "free");
            else await hotel.remove(booking);
          }),
      ],
      acts: [(bus) => bus.send(Reserve, { booking: "b" }), (bus) => bus.send(Release, { booking: "b" })],
      check: () => ensure(bookings.get("b") !== "taken", "a cancelled booking remains"),
    };
  },
};
