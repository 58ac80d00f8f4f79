import { ACK, RELEASE } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertOrder } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ size: fc.integer({ min: 2, max: 12 }), handled: fc.integer({ min: 0, max: 4 }) });

/** Messages that a stopping instance releases must not be delivered after the messages behind them. */
export const releaseKeepsOrder: Scenario = {
  name: "messages released to a lane are redelivered in order, before the messages waiting behind them",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, handled }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 1 });
      const sent = Array.from({ length: 2 * size }, () => queue.message({ key: "same" }));
      await act.store(publisher, sent);
      const leaving = await act.consume(await act.instance(), queue.source, {
        credit: size,
        handler: SETTLES_LATER,
      });
      await act.time.eventually(
        () => leaving.inFlight.length === size,
        () => `With a credit of ${size}, ${leaving.inFlight.length} messages were delivered.`,
      );
      const done = Math.min(handled, size - 1);
      leaving.credit(0);
      for (const [at, received] of leaving.inFlight.entries()) received.settle(at < done ? ACK : RELEASE);
      await act.drain(leaving);
      const successor = await act.consume(await act.instance(), queue.source);
      const rest = sent.slice(done).map(({ id }) => id);
      await act.time.eventually(
        () => new Set(successor.tags).size === rest.length,
        () => `${successor.tags.length} of the ${rest.length} remaining messages were delivered.`,
      );
      assertOrder(successor.deliveries, rest, "Released and waiting messages");
    }),
};
