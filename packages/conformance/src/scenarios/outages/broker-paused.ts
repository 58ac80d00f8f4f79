import { surviveOutage } from "../../kit/survive-outage.ts";
import type { Scenario } from "../../scenario.ts";

/** Like a swapping or frozen machine: the pause is longer than any heartbeat, and then everything continues at once. */
export const brokerPaused: Scenario = {
  name: "a broker that freezes under load and continues later loses no confirmed message",
  faults: ["pause", "unpause"],
  run: (stage) =>
    surviveOutage(
      stage,
      async () => {
        await stage.fault("pause")();
        await stage.time.elapse(4 * stage.pace.heartbeatMs);
        await stage.fault("unpause")();
      },
      ({ until }) => until("ready"),
    ),
};
