import type { ScenarioGroup } from "../../scenario.ts";
import { passedOver } from "./passed-over.ts";
import { eachGroup } from "./each-group.ts";
import { groupDestination } from "./group-destination.ts";
import { lateGroupHistory } from "./late-group-history.ts";
import { lateGroupLatest } from "./late-group-latest.ts";
import { awayMissesNothing } from "./away-misses-nothing.ts";
import { subscribedSees } from "./subscribed-sees.ts";

export const topics: ScenarioGroup = {
  name: "topics",
  scenarios: [
    passedOver,
    eachGroup,
    groupDestination,
    lateGroupHistory,
    lateGroupLatest,
    awayMissesNothing,
    subscribedSees,
  ],
};
