import { ACK, RELEASE } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { IN_REPLY_TO, makeRequester, REPLY_TO, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  before: fc.integer({ min: 0, max: 10 }),
  after: fc.integer({ min: 1, max: 10 }),
  resets: fc.integer({ min: 1, max: 3 }),
  whose: fc.constantFrom("requester", "replier"),
});

/** Requests sent before the requester's own reset may get no reply: the reply address may end with the connection. */
export const repliesAcrossReset: Scenario = {
  name: "after a connection reset the reply inbox receives again, and a reset replier still answers its pending requests",
  needs: ["requests"],
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { before, after, resets, whose }) => {
      const replier = await act.instance();
      const queue = await makeQueue(act, replier);
      await act.consume(replier, queue.source, {
        async handler({ message, tag }) {
          await act.time.sleep(1);
          const address = message.headers[REPLY_TO] ?? "";
          const [result] = await replier.publish([replyTo(act, address, tag)]);
          return result?.ok === true || result?.error.code === "unroutable" ? ACK : RELEASE;
        },
      });
      const asking = await act.instance();
      const requester = await makeRequester(act, asking);
      const victim = whose === "replier" ? replier : asking;
      const ask = (count: number): Promise<readonly string[]> =>
        Promise.all(Array.from({ length: count }, () => requester.request(queue)));
      const early = await ask(before);
      for (let reset = 0; reset < resets; reset++) {
        const states = watchStates(act, victim);
        await act.fault("reset")(victim);
        await states.untilBack();
      }
      const late = await ask(after);
      const wanted = whose === "replier" ? [...early, ...late] : late;
      const answered = (): readonly string[] =>
        requester.replies.map(({ headers }) => headers[IN_REPLY_TO] ?? "");
      await act.time.eventually(
        () => wanted.every((id) => answered().includes(id)),
        () =>
          `The connection of the ${whose} was reset. Requests: ${few(wanted)}. Replies: ${few(answered())}.`,
      );
      await act.time.quiet();
      const unexpected = answered().filter((id) => !early.includes(id) && !late.includes(id));
      assertThat(
        unexpected.length === 0,
        () => `The inbox received replies to unknown requests: ${few(unexpected)}.`,
      );
    }),
};
