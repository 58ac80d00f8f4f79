import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const DELAYS = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });

/** Retries one message repeatedly with the generated delays, in units of the pace's delayMs. */
export const retryWhenDue: Scenario = {
  name: "a retried message is redelivered after its delay, never early, with its attempt count increased by one",
  needs: ["retryDelay"],
  run: (stage) =>
    forAll(stage, DELAYS, async (act, units) => {
      const transport = await act.instance();
      const delays = units.map((unit) => unit * act.pace.delayMs);
      const late = transport.capabilities.retryDelay.granularityMs + act.pace.slackMs;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        handler: ({ attempt }) => {
          const delayMs = delays[attempt - 1];
          return delayMs === undefined ? ACK : { type: "retry", delayMs };
        },
      });
      await act.store(transport, [queue.message()]);
      await awaitDelivered(act, queue.group, act.history.confirmed());
      for (const [at, delayMs] of delays.entries()) {
        await act.time.eventually(
          () => consumer.deliveries.length > at + 1,
          () =>
            `After ${at + 1} retries (the last with a delay of ${delayMs} ms) the message was delivered ${consumer.deliveries.length} times.`,
        );
        const before = consumer.deliveries[at]?.at ?? 0;
        const again = consumer.deliveries[at + 1];
        const after = (again?.at ?? 0) - before;
        assertThat(
          after >= delayMs,
          () => `With a delay of ${delayMs} ms the retry was delivered after ${after} ms.`,
        );
        assertThat(
          after <= delayMs + late,
          () =>
            `With a delay of ${delayMs} ms the retry was delivered after ${after} ms, more than ${late} ms late.`,
        );
        assertThat(
          again?.attempt === at + 2,
          () => `Delivery ${at + 2} was reported as attempt ${again?.attempt}.`,
        );
      }
      await act.time.quiet();
      const times = consumer.deliveries.length;
      assertThat(
        times === delays.length + 1,
        () => `A message with ${delays.length} retries was delivered ${times} times.`,
      );
    }),
};
