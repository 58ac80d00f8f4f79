import fc from "fast-check";
import { ACK, RELEASE } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { ANSWERS, REPLY_TO, makeRequester, replyTo } from "../../kit/requester.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  before: fc.integer({ min: 0, max: 10 }),
  after: fc.integer({ min: 1, max: 10 }),
  resets: fc.integer({ min: 1, max: 3 }),
  whose: fc.constantFrom("requester", "replier"),
});

/** What was asked before the requester's own reset may stay without a reply: its address may have died with the connection. */
export const repliesAcrossReset: Scenario = {
  name: "after a reset the inbox hears replies again; a replier that was reset answers what it had not",
  needs: ["requests"],
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { before, after, resets, whose }) => {
      const replier = await act.instance();
      const queue = await makeQueue(act, replier);
      await act.consume(replier, queue.source, {
        async answer({ message, tag }) {
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
        Promise.all(Array.from({ length: count }, () => requester.ask(queue)));
      const early = await ask(before);
      for (let reset = 0; reset < resets; reset++) {
        const states = watchStates(act, victim);
        await act.fault("reset")(victim);
        await states.untilBack();
      }
      const late = await ask(after);
      const wanted = whose === "replier" ? [...early, ...late] : late;
      const answered = (): readonly string[] =>
        requester.replies.map(({ headers }) => headers[ANSWERS] ?? "");
      await act.time.eventually(
        () => wanted.every((id) => answered().includes(id)),
        () => `The ${whose} was reset; asked ${few(wanted)}, answered ${few(answered())}.`,
      );
      await act.time.quiet();
      const strangers = answered().filter((id) => !early.includes(id) && !late.includes(id));
      claim(strangers.length === 0, () => `The inbox heard answers to ${few(strangers)}.`);
    }),
};
