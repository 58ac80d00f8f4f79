import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { resend } from "../../kit/resend.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** The network swallows everything and says nothing: only heartbeats tell. */
export const halfOpenNoticed: Scenario = {
  name: "a half-open connection is noticed within three heartbeats: told as disconnected, open deliveries aborted, publishes answered",
  faults: ["stall", "resume"],
  async run(stage) {
    const keeper = await stage.instance();
    const victim = await stage.instance();
    const queue = await makeQueue(stage, keeper);
    const consumer = await stage.consume(victim, queue.source, { answer: HOLDS });
    await stage.store(keeper, [queue.message(), queue.message()]);
    await awaitSeen(stage, queue.group, stage.history.stored());
    const states = watchStates(stage, victim);
    const stalled = stage.time.now();
    await stage.fault("stall")(victim);
    const message = queue.message();
    const publishing = meanwhile(stage.publish(victim, [message]));
    await states.until("disconnected");
    const took = stage.time.now() - stalled;
    const most = 3 * stage.pace.heartbeatMs + stage.pace.slackMs;
    claim(took <= most, () => `A half-open connection was noticed after ${took} ms; ${most} ms are allowed.`);
    await stage.time.eventually(
      () => consumer.handlings.every(({ delivery }) => delivery.signal.aborted),
      () => "The connection is given up and the signals of open deliveries have not aborted.",
    );
    consumer.answer = () => ACK;
    await stage.fault("resume")(victim);
    const [result] = await publishing;
    claim(
      result?.ok === true || result?.error.code === "disconnected",
      () => `A publish into a half-open connection was answered ${JSON.stringify(result)}.`,
    );
    await states.until("ready");
    await resend(stage, victim, message);
    const stored = stage.history.stored();
    await stage.time.eventually(
      () =>
        stored.every((tag) => consumer.handlings.some((one) => one.tag === tag && one.settlement === ACK)),
      () =>
        `Of ${stored.length} messages only some were handled after the return: ${stage.history.story(queue.group)}.`,
    );
  },
};
