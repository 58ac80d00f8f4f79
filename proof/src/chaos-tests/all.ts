import type { ChaosTest } from "../target.ts";
import { applicationStopped } from "./application-stopped.ts";
import { brokerKilled, brokerRestarted } from "./broker-stops.ts";
import { connectionsReset } from "./connections-reset.ts";
import { connectionsResetContinually } from "./connections-reset-continually.ts";
import { consumerKilled } from "./consumer-killed.ts";
import { membersComeAndGo } from "./members-come-and-go.ts";
import { rebalanceStorm } from "./rebalance-storm.ts";

/** All chaos tests, by their names. */
export const CHAOS_TESTS: Readonly<Record<string, ChaosTest>> = {
  "connections are reset ten times": connectionsReset,
  "connections are reset every 100 ms": connectionsResetContinually,
  "the broker is restarted": brokerRestarted,
  "the broker is killed": brokerKilled,
  "an application receives SIGTERM": applicationStopped,
  "a consuming process is killed": consumerKilled,
  "members leave and join every two seconds": membersComeAndGo,
  "members join and leave continually": rebalanceStorm,
};
