import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const DELAYS = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });

/** One message, retried again and again with the delays drawn, in units of the pace. */
export const retryWhenDue: Scenario = {
  name: "a retried message comes back when its delay is over, never early, with one attempt more",
  needs: ["retryDelay"],
  run: (stage) =>
    forAll(stage, DELAYS, async (act, units) => {
      const transport = await act.instance();
      const delays = units.map((unit) => unit * act.pace.delayMs);
      const late = transport.capabilities.retryDelay.granularityMs + act.pace.slackMs;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        answer: ({ attempt }) => {
          const delayMs = delays[attempt - 1];
          return delayMs === undefined ? ACK : { type: "retry", delayMs };
        },
      });
      await act.store(transport, [queue.message()]);
      await awaitSeen(act, queue.group, act.history.stored());
      for (const [at, delayMs] of delays.entries()) {
        await act.time.eventually(
          () => consumer.handlings.length > at + 1,
          () => `Retried after ${delayMs} ms, the message came ${consumer.handlings.length} times.`,
        );
        const before = consumer.handlings[at]?.at ?? 0;
        const again = consumer.handlings[at + 1];
        const after = (again?.at ?? 0) - before;
        claim(after >= delayMs, () => `Retried after ${delayMs} ms, it came back after ${after} ms.`);
        claim(
          after <= delayMs + late,
          () => `Retried after ${delayMs} ms, it came back after ${after} ms, more than ${late} ms late.`,
        );
        claim(
          again?.attempt === at + 2,
          () => `Delivery ${at + 2} says that it is attempt ${again?.attempt}.`,
        );
      }
      await act.time.quiet();
      const times = consumer.handlings.length;
      claim(
        times === delays.length + 1,
        () => `${delays.length} retries made ${times} deliveries of one message.`,
      );
    }),
};
