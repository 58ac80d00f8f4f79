import type { ScenarioGroup } from "../../scenario.ts";
import { cutResumes } from "./cut-resumes.ts";
import { cutStates } from "./cut-states.ts";
import { membersComeAndGo } from "./members-come-and-go.ts";
import { restartKeepsAll } from "./restart-keeps-all.ts";
import { statesReported } from "./states-reported.ts";
import { throughFaults } from "./through-faults.ts";
import { unreachable } from "./unreachable.ts";

export const lifecycle: ScenarioGroup = {
  name: "lifecycle",
  scenarios: [
    unreachable,
    statesReported,
    cutStates,
    cutResumes,
    throughFaults,
    restartKeepsAll,
    membersComeAndGo,
  ],
};
