import { surviveOutage } from "../../kit/survive-outage.ts";
import type { Scenario } from "../../scenario.ts";

/**
 * SIGKILL: every confirmed message must be on the broker's disk. Some brokers persist a new queue later than its
 * messages (RabbitMQ 4.0 loses a quorum queue that was declared within the last second, with its confirmed messages).
 * Services are provisioned before they are under load, so this scenario waits before the kill.
 */
export const brokerKilled: Scenario = {
  name: "a broker that is killed under load loses no confirmed message, and publishers and consumers resume by themselves",
  needs: ["durable"],
  faults: ["kill"],
  run: (stage) =>
    surviveOutage(stage, async () => {
      await stage.time.elapse(4 * stage.pace.delayMs);
      await stage.fault("kill")();
    }),
};
