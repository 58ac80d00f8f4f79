import type { ScenarioGroup } from "../../scenario.ts";
import { deletedQueue } from "./deleted-queue.ts";
import { dueOrder } from "./due-order.ts";
import { longestDelay } from "./longest-delay.ts";
import { neverEarly } from "./never-early.ts";
import { outlivesPublisher } from "./outlives-publisher.ts";
import { resendKeepsTime } from "./resend-keeps-time.ts";

export const delays: ScenarioGroup = {
  name: "delays",
  scenarios: [neverEarly, dueOrder, longestDelay, resendKeepsTime, outlivesPublisher, deletedQueue],
};
