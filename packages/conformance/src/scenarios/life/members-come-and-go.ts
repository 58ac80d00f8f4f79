import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** What happens between two messages: a member joins, the oldest leaves in order, or the oldest's process closes. */
const EVENTS = fc.array(fc.constantFrom("join", "drain", "close", "nothing"), {
  minLength: 5,
  maxLength: 25,
});

export const membersComeAndGo: Scenario = {
  name: "while members of a group come and go nothing is lost, and only what was open comes twice",
  run: (stage) =>
    forAll(stage, EVENTS, async (act, events) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher);
      const group = topic.groups[0] ?? "";
      const join = async () => {
        const transport = await act.instance();
        const consumer = await act.consume(transport, topic.source(group), {
          credit: 5,
          answer: async () => {
            await act.time.sleep(1);
            return ACK;
          },
        });
        return { transport, consumer };
      };
      const members = [await join()];
      const leaving: Promise<unknown>[] = [];
      for (const event of events) {
        await act.store(publisher, [topic.message(), topic.message()]);
        if (event === "join") members.push(await join());
        const oldest = event === "drain" || event === "close" ? members.shift() : undefined;
        if (oldest !== undefined && event === "drain") leaving.push(meanwhile(act.drain(oldest.consumer)));
        if (oldest !== undefined && event === "close")
          leaving.push(meanwhile(act.time.finish("close", oldest.transport.close(act.time.now()))));
      }
      await Promise.all(leaving);
      if (members.length === 0) members.push(await join());
      await awaitSeen(act, group, act.history.stored());
      await act.time.quiet();
      const finished = act.history.handlings.filter(
        ({ settlement, isRevoked }) => settlement !== undefined && !isRevoked,
      );
      const twice = finished.map(({ tag }) => tag).filter((tag, at, all) => all.indexOf(tag) !== at);
      claim(twice.length === 0, () => `${few(twice)} came again although they had been settled.`);
    }),
};
