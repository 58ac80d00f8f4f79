import type { ScenarioGroup } from "../../scenario.ts";
import { awayMissesNothing } from "./away-misses-nothing.ts";
import { eachGroup } from "./each-group.ts";
import { groupDestination } from "./group-destination.ts";
import { lateGroupHistory } from "./late-group-history.ts";
import { lateGroupLatest } from "./late-group-latest.ts";

export const topics: ScenarioGroup = {
  name: "topics",
  scenarios: [eachGroup, groupDestination, lateGroupHistory, lateGroupLatest, awayMissesNothing],
};
