import type { ScenarioGroup } from "../../scenario.ts";
import { blocked } from "./blocked.ts";
import { closed } from "./closed.ts";
import { disconnected } from "./disconnected.ts";
import { nobodyListens } from "./nobody-listens.ts";
import { partialFailure } from "./partial-failure.ts";
import { refusalPredicted } from "./refusal-predicted.ts";
import { tooLarge } from "./too-large.ts";
import { unroutable } from "./unroutable.ts";

export const publishFailures: ScenarioGroup = {
  name: "publish-failures",
  scenarios: [
    partialFailure,
    unroutable,
    tooLarge,
    refusalPredicted,
    blocked,
    disconnected,
    closed,
    nobodyListens,
  ],
};
