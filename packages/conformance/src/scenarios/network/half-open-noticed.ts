import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { inBackground } from "../../kit/in-background.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

/** The network drops all bytes without closing the connection: only heartbeats can detect it. */
export const halfOpenNoticed: Scenario = {
  name: "a half-open connection is detected within three heartbeats: reported as disconnected, deliveries aborted, publishes ended",
  faults: ["stall", "resume"],
  async run(stage) {
    const remaining = await stage.instance();
    const victim = await stage.instance();
    const queue = await makeQueue(stage, remaining);
    const consumer = await stage.consume(victim, queue.source, { handler: SETTLES_LATER });
    await stage.store(remaining, [queue.message(), queue.message()]);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    const states = watchStates(stage, victim);
    const stalled = stage.time.now();
    await stage.fault("stall")(victim);
    const message = queue.message();
    const publishing = inBackground(stage.publish(victim, [message]));
    await states.until("disconnected");
    const took = stage.time.now() - stalled;
    const most = 3 * stage.pace.heartbeatMs + stage.pace.slackMs;
    assertThat(
      took <= most,
      () => `A half-open connection was detected after ${took} ms; ${most} ms are allowed.`,
    );
    await stage.time.eventually(
      () => consumer.deliveries.every(({ delivery }) => delivery.signal.aborted),
      () => "The connection is reported as lost, but the signals of unsettled deliveries have not aborted.",
    );
    consumer.handler = () => ACK;
    await stage.fault("resume")(victim);
    const [result] = await publishing;
    assertThat(
      result?.ok === true || result?.error.code === "disconnected",
      () => `A publish on a half-open connection returned ${JSON.stringify(result)}.`,
    );
    await states.until("ready");
    await resend(stage, victim, message);
    const stored = stage.history.confirmed();
    await stage.time.eventually(
      () =>
        stored.every((tag) => consumer.deliveries.some((one) => one.tag === tag && one.settlement === ACK)),
      () =>
        `Not all of ${stored.length} messages were handled after the connection was back: ${stage.history.summary(queue.group)}.`,
    );
  },
};
