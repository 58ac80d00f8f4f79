import { surviveOutage } from "../../kit/survive-outage.ts";
import type { Scenario } from "../../scenario.ts";

/** The broker closes its connections, stops, and starts again with the messages it had stored. */
export const brokerRestarted: Scenario = {
  name: "a broker that is restarted under load loses no confirmed message, and publishers and consumers resume by themselves",
  needs: ["durable"],
  faults: ["restart"],
  run: (stage) => surviveOutage(stage, stage.fault("restart")),
};
