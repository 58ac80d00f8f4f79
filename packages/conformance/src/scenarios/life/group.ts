import type { ScenarioGroup } from "../../scenario.ts";
import { unreachable } from "./unreachable.ts";
import { statesTold } from "./states-told.ts";
import { cutStates } from "./cut-states.ts";
import { cutResumes } from "./cut-resumes.ts";
import { throughFaults } from "./through-faults.ts";
import { restartKeepsAll } from "./restart-keeps-all.ts";
import { membersComeAndGo } from "./members-come-and-go.ts";

export const life: ScenarioGroup = {
  name: "life",
  scenarios: [
    unreachable,
    statesTold,
    cutStates,
    cutResumes,
    throughFaults,
    restartKeepsAll,
    membersComeAndGo,
  ],
};
