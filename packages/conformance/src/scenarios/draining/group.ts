import type { ScenarioGroup } from "../../scenario.ts";
import { drainDeadLetters } from "./drain-dead-letters.ts";
import { drainDeadline } from "./drain-deadline.ts";
import { drainKeepsAll } from "./drain-keeps-all.ts";
import { drainTwice } from "./drain-twice.ts";
import { drainWaits } from "./drain-waits.ts";

export const draining: ScenarioGroup = {
  name: "draining",
  scenarios: [drainKeepsAll, drainWaits, drainDeadLetters, drainDeadline, drainTwice],
};
