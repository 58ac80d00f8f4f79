import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Any sender can put any address into a request: names of real destinations, wildcards, paths, random text. */
const STRANGE = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    ">",
    "*",
    "_INBOX.>",
    "$SYS.REQ.SERVER.PING",
    "$JS.API.STREAM.DELETE.X",
    "amq.topic",
    "../x",
    "#",
  ),
);

export const hostileAddresses: Scenario = {
  name: "a reply to a forged address is refused, reaches no queue and does not end the connection",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, fc.array(STRANGE, { minLength: 1, maxLength: 10 }), async (act, forged) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const requester = await makeRequester(act, transport);
      const { address } = requester.inbox;
      const states: string[] = [];
      const stop = transport.onState(({ status }) => states.push(status));
      for (const hostile of [...forged, queue.name, `${address}.*`, `${address} `, address.slice(0, -1)]) {
        const [result] = await act.publish(transport, [replyTo(act, hostile, "hostile")]);
        assertThat(
          result?.ok === false && ["unroutable", "rejected", "not-permitted"].includes(result.error.code),
          () =>
            `A reply to the forged address ${JSON.stringify(hostile)} returned ${JSON.stringify(result)}.`,
        );
      }
      await act.publish(transport, [replyTo(act, address, "genuine")]);
      await act.time.eventually(
        () => requester.replies.length === 1,
        () => "After replies to forged addresses, a genuine reply was not delivered.",
      );
      stop();
      assertThat(
        states.join() === "ready",
        () => `After replies to forged addresses the states are ${states.join()}; expected ready.`,
      );
      assertThat(consumer.tags.length === 0, () => "A reply was delivered to a queue.");
    }),
};
