import fc from "fast-check";
import { ACK, RELEASE } from "@waybill/core/transport";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { claim, few } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** True: this letter is discarded; the others are put back. */
const CHOICES = fc.array(fc.boolean(), { minLength: 2, maxLength: 12 });

/** How a tool lists letters: it holds all, then acknowledges some and releases the rest. */
export const deadLettersRead: Scenario = {
  name: "dead letters can be read, discarded by ack and put back by release",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, CHOICES, async (act, choices) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      await act.consume(transport, queue.source, { answer: () => ({ type: "dead-letter", headers: {} }) });
      const sent = choices.map(() => queue.message());
      await act.store(transport, sent);
      await awaitSeen(act, queue.group, act.history.stored());
      const kept = sent.filter((_, at) => !choices[at]).map(({ id }) => id);
      await act.scene(async (tool) => {
        const first = await tool.consume(await tool.instance(), queue.deadLetters, { answer: HOLDS });
        await awaitSeen(
          tool,
          queue.group,
          sent.map(({ id }) => id),
        );
        first.credit(0);
        for (const handling of first.open) handling.answer(kept.includes(handling.tag) ? RELEASE : ACK);
        await tool.drain(first);
        await awaitDepth(tool, transport, { source: queue.deadLetters, ready: kept.length, unsettled: 0 });
        const second = await tool.consume(await tool.instance(), queue.deadLetters);
        await tool.time.eventually(
          () => new Set(second.tags).size >= kept.length,
          () => `Of ${kept.length} letters put back ${second.tags.length} were found again.`,
        );
        await tool.time.quiet();
        claim(
          second.tags.toSorted().join() === kept.toSorted().join(),
          () => `Put back were ${few(kept)}, found again ${few(second.tags)}.`,
        );
      });
    }),
};
