import { ACK, RELEASE } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** For each dead letter, whether it is discarded; the others are released. */
const CHOICES = fc.array(fc.boolean(), { minLength: 2, maxLength: 12 });

/** Lists dead letters as a tool does: it receives all, then acknowledges some and releases the rest. */
export const deadLettersRead: Scenario = {
  name: "dead letters can be read, discarded with ack and put back with release",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, CHOICES, async (act, choices) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      await act.consume(transport, queue.source, { handler: () => ({ type: "dead-letter", headers: {} }) });
      const sent = choices.map(() => queue.message());
      await act.store(transport, sent);
      await awaitDelivered(act, queue.group, act.history.confirmed());
      const kept = sent.filter((_, at) => !choices[at]).map(({ id }) => id);
      await act.scene(async (tool) => {
        const first = await tool.consume(await tool.instance(), queue.deadLetters, {
          handler: SETTLES_LATER,
        });
        await awaitDelivered(
          tool,
          queue.group,
          sent.map(({ id }) => id),
        );
        first.credit(0);
        for (const received of first.inFlight) received.settle(kept.includes(received.tag) ? RELEASE : ACK);
        await tool.drain(first);
        await awaitDepth(tool, transport, { source: queue.deadLetters, ready: kept.length, unsettled: 0 });
        const second = await tool.consume(await tool.instance(), queue.deadLetters);
        await tool.time.eventually(
          () => new Set(second.tags).size >= kept.length,
          () => `${second.tags.length} of ${kept.length} released dead letters were delivered again.`,
        );
        await tool.time.quiet();
        assertThat(
          second.tags.toSorted().join() === kept.toSorted().join(),
          () => `Released: ${few(kept)}. Delivered again: ${few(second.tags)}.`,
        );
      });
    }),
};
