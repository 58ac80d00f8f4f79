import type { ScenarioGroup } from "../../scenario.ts";
import { neverEarly } from "./never-early.ts";
import { dueOrder } from "./due-order.ts";
import { longestDelay } from "./longest-delay.ts";
import { resendKeepsTime } from "./resend-keeps-time.ts";
import { outlivesPublisher } from "./outlives-publisher.ts";
import { deletedQueue } from "./deleted-queue.ts";

export const delays: ScenarioGroup = {
  name: "delays",
  scenarios: [neverEarly, dueOrder, longestDelay, resendKeepsTime, outlivesPublisher, deletedQueue],
};
