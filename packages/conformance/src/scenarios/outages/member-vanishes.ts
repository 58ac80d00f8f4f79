import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import type { Consumer } from "../../kit/consumer.ts";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  others: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 5, max: 30 }),
  after: fc.integer({ min: 5, max: 30 }),
  credit: fc.integer({ min: 1, max: 8 }),
});

/** With no connection but its own in trouble: the group is the same for the others as before. */
export const memberVanishes: Scenario = {
  name: "when the process of a member is gone the others go on: they get its messages, and settle each of theirs once",
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { others, before, after, credit }) => {
      const publisher = await act.instance();
      const victim = await act.instance();
      const queue = await makeQueue(act, publisher);
      const answer = async () => {
        await act.time.sleep(1);
        return ACK;
      };
      const first = await act.consume(victim, queue.source, { credit, answer });
      const rest: Consumer[] = [];
      for (let other = 0; other < others; other++)
        rest.push(await act.consume(await act.instance(), queue.source, { credit, answer }));
      const store = (size: number) =>
        act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
      await store(before);
      await act.time.eventually(
        () => first.handlings.length > 0,
        () => "The member that is to vanish was handed nothing.",
      );
      await act.fault("crash")(victim);
      const settled = new Set(first.handlings.filter(({ isOpen }) => !isOpen).map(({ tag }) => tag));
      await store(after);
      const left = act.history.stored().filter((tag) => !settled.has(tag));
      await act.time.eventually(
        () => left.every((tag) => rest.some(({ tags }) => tags.includes(tag))),
        () =>
          `Of ${left.length} that were left, the others were handed ${few(rest.map(({ tags }) => tags.length))}.`,
      );
      await awaitSeen(act, queue.group, act.history.stored());
      await act.time.quiet();
      claimKnown(act.history, queue.group);
      const all = rest.flatMap(({ tags }) => tags);
      const twice = all.filter((tag, at) => all.indexOf(tag) !== at);
      claim(twice.length === 0, () => `${few(twice)} came twice to members that had lost nothing.`);
    }),
};
