import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import type { Consumer } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  others: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 5, max: 30 }),
  after: fc.integer({ min: 5, max: 30 }),
  credit: fc.integer({ min: 1, max: 8 }),
});

/** Only the crashed member's connections are lost: the other members keep theirs. */
export const memberVanishes: Scenario = {
  name: "when the process of a member dies, the other members take over its messages and get each message once",
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { others, before, after, credit }) => {
      const publisher = await act.instance();
      const victim = await act.instance();
      const queue = await makeQueue(act, publisher);
      const handler = async () => {
        await act.time.sleep(1);
        return ACK;
      };
      const first = await act.consume(victim, queue.source, { credit, handler });
      const rest: Consumer[] = [];
      for (let other = 0; other < others; other++)
        rest.push(await act.consume(await act.instance(), queue.source, { credit, handler }));
      const store = (size: number) =>
        act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
      await store(before);
      await act.time.eventually(
        () => first.deliveries.length > 0,
        () => "No message was delivered to the member that is to crash.",
      );
      await act.fault("crash")(victim);
      const settled = new Set(first.deliveries.filter(({ isInFlight }) => !isInFlight).map(({ tag }) => tag));
      await store(after);
      const left = act.history.confirmed().filter((tag) => !settled.has(tag));
      await act.time.eventually(
        () => left.every((tag) => rest.some(({ tags }) => tags.includes(tag))),
        () =>
          `${left.length} messages were unsettled; the other members got ${few(rest.map(({ tags }) => tags.length))}.`,
      );
      await awaitDelivered(act, queue.group, act.history.confirmed());
      await act.time.quiet();
      assertOnlyPublished(act.history, queue.group);
      const all = rest.flatMap(({ tags }) => tags);
      const twice = all.filter((tag, at) => all.indexOf(tag) !== at);
      assertThat(twice.length === 0, () => `${few(twice)} were delivered twice to the remaining members.`);
    }),
};
