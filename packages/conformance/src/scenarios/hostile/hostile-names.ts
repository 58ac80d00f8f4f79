import fc from "fast-check";
import { claimHandled, claimInnocentServed, writeAll } from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const LONG = "n".repeat(20_000);

/** Empty, long, controls, wildcards, paths, and what objects of JavaScript have. */
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

/** Messages of others have ids, keys and types of content of any kind; two may have the same. */
export const hostileNames: Scenario = {
  name: "a foreign message with any text for an id, a key or a content type is handled once and stops nobody",
  writesRaw: true,
  run: (stage) =>
    forAll(stage, MESSAGES, async (act, messages) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      // A broker that knows ids stores the first message of one id alone.
      const apart = messages.filter(
        ({ id }, at) => messages.findIndex((one) => one.id.trim() === id.trim()) === at,
      );
      const tags = await writeAll(act, queue, apart);
      await claimHandled(act, consumer, { tags, times: 1 });
      await claimInnocentServed(act, { transport, queue, consumer });
    }),
};
