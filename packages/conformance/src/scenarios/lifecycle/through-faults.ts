import { ACK, type Transport } from "@waybill/core/transport";
import fc from "fast-check";
import { KEY } from "../../kit/generate/arbitraries.ts";
import { makeQueue, type Queue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertOrder, awaitDelivered } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import type { Stage } from "../../kit/stage.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 3;

const STEPS = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("publish" as const), keys: fc.array(KEY, { minLength: 1, maxLength: 6 }) }),
    fc.record({ kind: fc.constantFrom("cut publisher", "cut member", "crash member", "time") }),
  ),
  { minLength: 3, maxLength: 20 },
);

/** Faults in any sequence; the publisher resends each message until it is stored before it sends the next one. */
export const throughFaults: Scenario = {
  name: "through lost connections and crashes no confirmed message is lost, and first deliveries of a lane stay in order",
  needs: ["order"],
  faults: ["cut", "restore", "crash"],
  run: (stage) =>
    forAll(stage, STEPS, async (act, steps) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: LANES });
      const members = [await join(act, queue), await join(act, queue)];
      for (const step of steps) {
        const [oldest = publisher] = members;
        if ("keys" in step) for (const key of step.keys) await resend(act, publisher, queue.message({ key }));
        else if (step.kind === "time") await act.time.elapse(3);
        else if (step.kind === "crash member") {
          await act.fault("crash")(oldest);
          members.shift();
          members.push(await join(act, queue));
        } else {
          const victim = step.kind === "cut publisher" ? publisher : oldest;
          await act.fault("cut")(victim);
          await act.time.elapse(1);
          await act.fault("restore")(victim);
        }
      }
      await awaitDelivered(act, queue.group, act.history.confirmed());
      for (let lane = 0; lane < LANES; lane++) {
        const sent = act.history.publishes.filter(({ message }) => message.lane === lane);
        assertOrder(act.history.deliveries, [...new Set(sent.map(({ tag }) => tag))], `Lane ${lane}`);
      }
    }),
};

/** Starts a member whose handler takes 2 ms for every message. */
async function join(act: Stage, queue: Queue): Promise<Transport> {
  const transport = await act.instance();
  await act.consume(transport, queue.source, {
    credit: 4,
    handler: async () => {
      await act.time.sleep(2);
      return ACK;
    },
  });
  return transport;
}
