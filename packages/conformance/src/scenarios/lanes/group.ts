import type { ScenarioGroup } from "../../scenario.ts";
import { competing } from "./competing.ts";
import { creditKept } from "./credit-kept.ts";
import { creditUsedUp } from "./credit-used-up.ts";
import { creditZero } from "./credit-zero.ts";
import { laneOrder } from "./lane-order.ts";
import { lanesSpread } from "./lanes-spread.ts";
import { oneOwner } from "./one-owner.ts";
import { slowHandler } from "./slow-handler.ts";

export const lanes: ScenarioGroup = {
  name: "lanes",
  scenarios: [competing, creditUsedUp, creditKept, creditZero, laneOrder, slowHandler, oneOwner, lanesSpread],
};
