import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import type { Scenario } from "../../scenario.ts";

/** The first publish is refused for want of a connection or of a destination: only the resend counts. */
export const resendKeepsTime: Scenario = {
  name: "a message sent again later comes at the time it was meant for: the time is absolute",
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
      claim(refused?.ok === false, () => "A message to a missing queue was stored.");
      await act.time.elapse(units * act.pace.delayMs);
      await act.provision(transport, { queues: [{ name, lanes: undefined }], services: [group] });
      const consumer = await act.consume(transport, { kind: "queue", name, group, lanes: undefined });
      await act.store(transport, [message]);
      const stored = act.time.now();
      await awaitSeen(act, group, [message.id]);
      const at = consumer.handlings[0]?.at ?? 0;
      const latest = Math.max(deliverAt, stored) + granularityMs + act.pace.slackMs;
      claim(at >= deliverAt, () => `Sent again, the message came ${deliverAt - at} ms early.`);
      claim(
        at <= latest,
        () => `Sent again ${units * act.pace.delayMs} ms later, it came ${at - deliverAt} ms late.`,
      );
    }),
};
