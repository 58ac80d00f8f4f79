import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertHandled, assertOrdinaryDelivered, writeAll } from "../../kit/hostile.ts";
import type { Scenario } from "../../scenario.ts";

const LONG = "n".repeat(20_000);

/** Empty and long texts, control characters, wildcards, paths, and property names of JavaScript objects. */
const TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    " ",
    LONG,
    "\u0000",
    "\u001b[31m",
    "*",
    ">",
    "#",
    "../x",
    "__proto__",
    "constructor",
    "ä€𝄞",
  ),
);

const MESSAGES = fc.array(fc.record({ id: TEXT, key: TEXT, contentType: TEXT }), {
  minLength: 4,
  maxLength: 12,
});

/** Other programs write any text as id, key and content type; two messages may have the same. */
export const hostileNames: Scenario = {
  name: "a foreign message with any text as id, key or content type is handled once and holds up no other message",
  writesRaw: true,
  run: (stage) =>
    forAll(stage, MESSAGES, async (act, messages) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      // A broker with deduplication stores only the first message of each id.
      const apart = messages.filter(
        ({ id }, at) => messages.findIndex((one) => one.id.trim() === id.trim()) === at,
      );
      const tags = await writeAll(act, queue, apart);
      await assertHandled(act, consumer, { tags, times: 1 });
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
    }),
};
