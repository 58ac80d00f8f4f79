import type { WireMessage } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Mixes routable and unroutable messages in any order, so that a result in the wrong position shows. */
export const oneResultEach: Scenario = {
  name: "publish returns one result per message, in the order of the messages",
  run: (stage) =>
    forAll(stage, fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }), async (act, good) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      await act.consume(transport, queue.source);
      const nowhere = act.names.next("nowhere");
      const batch: WireMessage[] = good.map((isGood) =>
        isGood ? queue.message() : act.message({ to: { kind: "queue", name: nowhere } }),
      );
      const results = await act.publish(transport, batch);
      assertThat(
        results.length === batch.length,
        () => `publish returned ${results.length} results for ${batch.length} messages.`,
      );
      const verdicts = results.map(({ ok }) => ok);
      assertThat(
        verdicts.every((ok, at) => ok === good[at]),
        () => `Routable messages: ${good.join()}. publish reported success: ${verdicts.join()}.`,
      );
      const routable = batch.filter((_, at) => good[at]).map(({ id }) => id);
      await assertExactly(act, queue.group, routable);
    }),
};
