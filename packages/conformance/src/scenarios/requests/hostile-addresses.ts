import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Addresses come with requests, from anybody: names of real destinations, wildcards, paths, and noise. */
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
  name: "a reply address that no transport minted is refused, reaches no queue and closes nothing",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, fc.array(STRANGE, { minLength: 1, maxLength: 10 }), async (act, strange) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const requester = await makeRequester(act, transport);
      const { address } = requester.inbox;
      const states: string[] = [];
      const stop = transport.onState(({ status }) => states.push(status));
      for (const hostile of [...strange, queue.name, `${address}.*`, `${address} `, address.slice(0, -1)]) {
        const [result] = await act.publish(transport, [replyTo(act, hostile, "hostile")]);
        claim(
          result?.ok === false && ["unroutable", "rejected", "not-permitted"].includes(result.error.code),
          () => `A reply to ${JSON.stringify(hostile)} was answered ${JSON.stringify(result)}.`,
        );
      }
      await act.publish(transport, [replyTo(act, address, "genuine")]);
      await act.time.eventually(
        () => requester.replies.length === 1,
        () => "After hostile addresses a genuine reply did not come.",
      );
      stop();
      claim(states.join() === "ready", () => `Hostile addresses made the transport go ${states.join()}.`);
      claim(consumer.tags.length === 0, () => "A reply reached a queue.");
    }),
};
