import type { ScenarioGroup } from "../../scenario.ts";
import { partialFailure } from "./partial-failure.ts";
import { unroutable } from "./unroutable.ts";
import { tooLarge } from "./too-large.ts";
import { foretold } from "./foretold.ts";
import { blocked } from "./blocked.ts";
import { disconnected } from "./disconnected.ts";
import { closed } from "./closed.ts";
import { nobodyListens } from "./nobody-listens.ts";

export const publishFailures: ScenarioGroup = {
  name: "publish-failures",
  scenarios: [partialFailure, unroutable, tooLarge, foretold, blocked, disconnected, closed, nobodyListens],
};
