import { ACK, type Settlement } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const LATE_SETTLEMENT: fc.Arbitrary<Settlement> = fc.constantFrom<Settlement>(
  ACK,
  { type: "release" },
  { type: "retry", delayMs: 0 },
  { type: "dead-letter", headers: {} },
);

/** A drain ends while its handlers still run; they settle after another member has got the messages. */
export const settledAfterRevoke: Scenario = {
  name: "a settlement has no effect after its message was revoked and delivered to another member",
  run: (stage) =>
    forAll(stage, fc.array(LATE_SETTLEMENT, { minLength: 1, maxLength: 6 }), async (act, settlements) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher);
      const first = await act.consume(await act.instance(), queue.source, { handler: SETTLES_LATER });
      await act.store(
        publisher,
        settlements.map(() => queue.message()),
      );
      await awaitDelivered(act, queue.group, act.history.confirmed());
      const inFlight = first.deliveries;
      await act.time.finish("drain", first.drain(act.time.now() + act.pace.delayMs));
      const successor = await act.consume(await act.instance(), queue.source, { handler: SETTLES_LATER });
      await act.time.eventually(
        () => successor.inFlight.length === settlements.length,
        () =>
          `${successor.inFlight.length} of ${settlements.length} revoked messages were delivered to the other member.`,
      );
      for (const [at, settlement] of settlements.entries()) inFlight[at]?.settle(settlement);
      await act.time.quiet();
      assertThat(
        successor.inFlight.length === settlements.length,
        () => "A late settlement revoked a message of its new owner.",
      );
      assertThat(
        successor.tags.length === settlements.length,
        () =>
          `Late settlements caused ${successor.tags.length} deliveries of ${settlements.length} messages.`,
      );
      successor.settleAll(ACK);
      await act.time.quiet();
      assertThat(
        successor.tags.length === settlements.length,
        () => "A message was delivered again after its new owner had settled it.",
      );
    }),
};
