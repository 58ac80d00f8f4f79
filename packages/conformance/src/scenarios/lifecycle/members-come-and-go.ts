import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { inBackground } from "../../kit/in-background.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The event between two messages: a member joins, the oldest member drains, or the oldest member's transport closes. */
const EVENTS = fc.array(fc.constantFrom("join", "drain", "close", "nothing"), {
  minLength: 5,
  maxLength: 25,
});

export const membersComeAndGo: Scenario = {
  name: "while members join and leave no message is lost, and only unsettled messages are delivered again",
  run: (stage) =>
    forAll(stage, EVENTS, async (act, events) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher);
      const group = topic.groups[0] ?? "";
      const join = async () => {
        const transport = await act.instance();
        const consumer = await act.consume(transport, topic.source(group), {
          credit: 5,
          handler: async () => {
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
        if (oldest !== undefined && event === "drain") leaving.push(inBackground(act.drain(oldest.consumer)));
        if (oldest !== undefined && event === "close")
          leaving.push(inBackground(act.time.finish("close", oldest.transport.close(act.time.now()))));
      }
      await Promise.all(leaving);
      if (members.length === 0) members.push(await join());
      await awaitDelivered(act, group, act.history.confirmed());
      await act.time.quiet();
      const finished = act.history.deliveries.filter(
        ({ settlement, isRevoked }) => settlement !== undefined && !isRevoked,
      );
      const twice = finished.map(({ tag }) => tag).filter((tag, at, all) => all.indexOf(tag) !== at);
      assertThat(twice.length === 0, () => `${few(twice)} were delivered again after they had been settled.`);
    }),
};
