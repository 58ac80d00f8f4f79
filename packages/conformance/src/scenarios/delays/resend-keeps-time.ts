import fc from "fast-check";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The first publish is refused because the destination is missing: only the resend is stored. */
export const resendKeepsTime: Scenario = {
  name: "a resend does not postpone a delayed message: its due time is absolute",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 4 }), async (act, units) => {
      const transport = await act.instance();
      const { granularityMs } = transport.capabilities.deliverAt;
      const name = act.names.next("queue");
      const group = act.names.next("owner");
      const deliverAt = act.time.now() + 5 * act.pace.delayMs;
      const message = act.message({ to: { kind: "queue", name }, deliverAt });
      const [refused] = await act.publish(transport, [message]);
      assertThat(refused?.ok === false, () => "A message to a missing queue was reported as stored.");
      await act.time.elapse(units * act.pace.delayMs);
      await act.provision(transport, { queues: [{ name, lanes: undefined }], services: [group] });
      const consumer = await act.consume(transport, { kind: "queue", name, group, lanes: undefined });
      await act.store(transport, [message]);
      const stored = act.time.now();
      await awaitDelivered(act, group, [message.id]);
      const at = consumer.deliveries[0]?.at ?? 0;
      const latest = Math.max(deliverAt, stored) + granularityMs + act.pace.slackMs;
      assertThat(at >= deliverAt, () => `The resent message was delivered ${deliverAt - at} ms early.`);
      assertThat(
        at <= latest,
        () =>
          `Resent ${units * act.pace.delayMs} ms later, the message was delivered ${at - deliverAt} ms late.`,
      );
    }),
};
