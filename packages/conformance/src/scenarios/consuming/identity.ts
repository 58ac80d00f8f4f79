import fc from "fast-check";
import { KEY } from "../../kit/generate/arbitraries.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Tools find, replay and discard messages by these values. Type and correlation id serve the broker's own tools and may be absent. */
export const identity: Scenario = {
  name: "id, key and lane arrive as published",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, fc.array(KEY, { minLength: 1, maxLength: 20 }), async (act, keys) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport, { lanes: 4 });
      const consumer = await act.consume(transport, queue.source);
      const sent = keys.map((key) => queue.message({ key }));
      await act.store(transport, sent);
      await assertExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, message, lane } of consumer.deliveries) {
        const { id, key, lane: wanted, type, correlationId } = act.history.published(tag) ?? message;
        assertThat(message.id === id, () => `The id ${id} arrived as ${message.id}.`);
        assertThat(message.key === key, () => `The key ${key} arrived as ${message.key}.`);
        assertThat(lane === wanted, () => `A message of lane ${wanted} was delivered in lane ${lane}.`);
        assertThat(
          message.lane === wanted,
          () => `A message of lane ${wanted} carries the lane ${message.lane}.`,
        );
        assertThat([type, undefined].includes(message.type), () => `The type arrived as ${message.type}.`);
        assertThat(
          [correlationId, undefined].includes(message.correlationId),
          () => `The correlation id arrived as ${message.correlationId}.`,
        );
      }
    }),
};
