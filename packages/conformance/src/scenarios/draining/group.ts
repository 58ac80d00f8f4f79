import type { ScenarioGroup } from "../../scenario.ts";
import { drainKeepsAll } from "./drain-keeps-all.ts";
import { drainWaits } from "./drain-waits.ts";
import { drainMoves } from "./drain-moves.ts";
import { drainDeadline } from "./drain-deadline.ts";
import { drainTwice } from "./drain-twice.ts";

export const draining: ScenarioGroup = {
  name: "draining",
  scenarios: [drainKeepsAll, drainWaits, drainMoves, drainDeadline, drainTwice],
};
