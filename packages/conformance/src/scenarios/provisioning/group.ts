import type { ScenarioGroup } from "../../scenario.ts";
import { idempotent } from "./idempotent.ts";
import { verifyCreatesNothing } from "./verify-creates-nothing.ts";
import { verifyAgrees } from "./verify-agrees.ts";
import { fillsTheGaps } from "./fills-the-gaps.ts";
import { driftIsNamed } from "./drift-is-named.ts";
import { addedHistoryIsDrift } from "./added-history-is-drift.ts";
import { atOnce } from "./at-once.ts";
import { namesAtTheLimits } from "./names-at-the-limits.ts";
import { namesStayApart } from "./names-stay-apart.ts";

export const provisioning: ScenarioGroup = {
  name: "provisioning",
  scenarios: [
    idempotent,
    verifyCreatesNothing,
    verifyAgrees,
    fillsTheGaps,
    driftIsNamed,
    addedHistoryIsDrift,
    atOnce,
    namesAtTheLimits,
    namesStayApart,
  ],
};
