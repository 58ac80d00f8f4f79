import fc from "fast-check";
import { KEY } from "../../kit/generate/arbitraries.ts";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Tools find, replay and discard by these; type and correlation id are for the broker's own tools and may be absent. */
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
      await claimExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, message, lane } of consumer.handlings) {
        const { id, key, lane: wanted, type, correlationId } = act.history.sent(tag) ?? message;
        claim(message.id === id, () => `The id ${id} arrived as ${message.id}.`);
        claim(message.key === key, () => `The key ${key} arrived as ${message.key}.`);
        claim(lane === wanted, () => `A message of lane ${wanted} was delivered by lane ${lane}.`);
        claim(
          message.lane === wanted,
          () => `A message of lane ${wanted} says it is of lane ${message.lane}.`,
        );
        claim([type, undefined].includes(message.type), () => `The type arrived as ${message.type}.`);
        claim(
          [correlationId, undefined].includes(message.correlationId),
          () => `The correlation id arrived as ${message.correlationId}.`,
        );
      }
    }),
};
