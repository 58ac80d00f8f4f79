import type { ScenarioGroup } from "../../scenario.ts";
import { blockedConsumers } from "./blocked-consumers.ts";
import { brokerKilled } from "./broker-killed.ts";
import { brokerPaused } from "./broker-paused.ts";
import { brokerRestarted } from "./broker-restarted.ts";
import { diesAsAnotherJoins } from "./dies-as-another-joins.ts";
import { memberVanishes } from "./member-vanishes.ts";
import { silentMember } from "./silent-member.ts";

export const outages: ScenarioGroup = {
  name: "outages",
  scenarios: [
    memberVanishes,
    diesAsAnotherJoins,
    silentMember,
    blockedConsumers,
    brokerRestarted,
    brokerKilled,
    brokerPaused,
  ],
};
