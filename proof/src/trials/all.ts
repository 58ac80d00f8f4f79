import type { Trial } from "../site.ts";
import { applicationStopped } from "./application-stopped.ts";
import { brokerKilled, brokerRestarted } from "./broker-stops.ts";
import { connectionsReset } from "./connections-reset.ts";
import { connectionsResetCeaselessly } from "./connections-reset-ceaselessly.ts";
import { consumerKilled } from "./consumer-killed.ts";
import { membersComeAndGo } from "./members-come-and-go.ts";
import { rebalanceStorm } from "./rebalance-storm.ts";

/** Every way in which things are broken, by its name. */
export const TRIALS: Readonly<Record<string, Trial>> = {
  "connections are reset ten times": connectionsReset,
  "connections are reset every 100 ms": connectionsResetCeaselessly,
  "the broker is restarted": brokerRestarted,
  "the broker is killed": brokerKilled,
  "an application is asked to stop": applicationStopped,
  "a consuming process is killed": consumerKilled,
  "members come and go": membersComeAndGo,
  "members join and leave all the while": rebalanceStorm,
};
