import type { ScenarioGroup } from "../../scenario.ts";
import { addedHistoryIsDrift } from "./added-history-is-drift.ts";
import { addsMissing } from "./adds-missing.ts";
import { concurrentProvisioning } from "./concurrent-provisioning.ts";
import { driftIsNamed } from "./drift-is-named.ts";
import { idempotent } from "./idempotent.ts";
import { namesAtTheLimits } from "./names-at-the-limits.ts";
import { namesStayApart } from "./names-stay-apart.ts";
import { verifyAgrees } from "./verify-agrees.ts";
import { verifyCreatesNothing } from "./verify-creates-nothing.ts";

export const provisioning: ScenarioGroup = {
  name: "provisioning",
  scenarios: [
    idempotent,
    verifyCreatesNothing,
    verifyAgrees,
    addsMissing,
    driftIsNamed,
    addedHistoryIsDrift,
    concurrentProvisioning,
    namesAtTheLimits,
    namesStayApart,
  ],
};
