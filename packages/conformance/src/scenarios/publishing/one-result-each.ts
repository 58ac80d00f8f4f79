import fc from "fast-check";
import type { WireMessage } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Good and unroutable messages in any order: a result that belongs to its neighbour is found out. */
export const oneResultEach: Scenario = {
  name: "publish answers one result for each message, in the order of the messages",
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
      claim(results.length === batch.length, () => `${batch.length} messages had ${results.length} results.`);
      const verdicts = results.map(({ ok }) => ok);
      claim(
        verdicts.every((ok, at) => ok === good[at]),
        () => `Of messages that are routable as ${good.join()} publish said ${verdicts.join()}.`,
      );
      const routable = batch.filter((_, at) => good[at]).map(({ id }) => id);
      await claimExactly(act, queue.group, routable);
    }),
};
