import { HEADER, type Headers } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertNoLoop, assertOrdinaryDelivered, writeAll } from "../../kit/hostile.ts";
import type { Scenario } from "../../scenario.ts";

/** Sizes in bytes around 64 KiB, the limit of several brokers and clients; smaller ones leave space for some failure headers. */
const SIZE = fc.oneof(
  fc.integer({ min: 58_000, max: 65_600 }),
  fc.constantFrom(65_300, 65_000, 64_900, 62_000),
);

/** The credit, and the number of hostile messages: if all of them stayed in flight, no other message could be delivered. */
const WINDOW = 4;

const SIZES = fc.array(SIZE, { minLength: WINDOW, maxLength: WINDOW });

const FAILURE: Headers = {
  [HEADER.failureCode]: "undecodable",
  [HEADER.failureMessage]: "It is no CloudEvent. ".repeat(45),
  [HEADER.failureTime]: "2026-01-01T00:00:00.000Z",
};

/** A message whose failure headers do not fit must not stay in flight forever. */
export const fullHeaders: Scenario = {
  name: "a foreign message whose headers leave no space for failure headers does not block the messages behind it",
  needs: ["deadLetters"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, SIZES, async (act, sizes) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        credit: WINDOW,
        handler: ({ message }) =>
          "big" in message.headers ? { type: "dead-letter", headers: FAILURE } : { type: "ack" },
      });
      await writeAll(
        act,
        queue,
        sizes.map((size) => ({ headers: [["big", "x".repeat(size)]] })),
      );
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
      await assertNoLoop(act);
    }),
};
