import fc from "fast-check";
import { HEADER, type Headers } from "@waybill/core/transport";
import { claimCalm, claimInnocentServed, writeAll } from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Around 64 KiB, where several brokers and clients end; less leaves room for some of what is added. */
const SIZE = fc.oneof(
  fc.integer({ min: 58_000, max: 65_600 }),
  fc.constantFrom(65_300, 65_000, 64_900, 62_000),
);

/** As many as are in hand at a time: with one of them stuck in each place nothing would come any more. */
const WINDOW = 4;

const SIZES = fc.array(SIZE, { minLength: WINDOW, maxLength: WINDOW });

const FAILURE: Headers = {
  [HEADER.failureCode]: "undecodable",
  [HEADER.failureMessage]: "It is no CloudEvent. ".repeat(45),
  [HEADER.failureTime]: "2026-01-01T00:00:00.000Z",
};

/** Where the headers of a message leave no room for those of its failure, it must not stay in hand for ever. */
export const fullHeaders: Scenario = {
  name: "a foreign message whose headers leave no room for its failure does not stay in hand: what comes behind is handled",
  needs: ["deadLetters"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, SIZES, async (act, sizes) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        credit: WINDOW,
        answer: ({ message }) =>
          "big" in message.headers ? { type: "dead-letter", headers: FAILURE } : { type: "ack" },
      });
      await writeAll(
        act,
        queue,
        sizes.map((size) => ({ headers: [["big", "x".repeat(size)]] })),
      );
      await claimInnocentServed(act, { transport, queue, consumer });
      await claimCalm(act);
    }),
};
