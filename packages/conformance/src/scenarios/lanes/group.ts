import type { ScenarioGroup } from "../../scenario.ts";
import { competing } from "./competing.ts";
import { creditKept } from "./credit-kept.ts";
import { creditZero } from "./credit-zero.ts";
import { laneOrder } from "./lane-order.ts";
import { oneOwner } from "./one-owner.ts";
import { lanesSpread } from "./lanes-spread.ts";

export const lanes: ScenarioGroup = {
  name: "lanes",
  scenarios: [competing, creditKept, creditZero, laneOrder, oneOwner, lanesSpread],
};
