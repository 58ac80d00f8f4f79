import type { ScenarioGroup } from "../../scenario.ts";
import { foreignAttempt } from "./foreign-attempt.ts";
import { foreignDueTime } from "./foreign-due-time.ts";
import { foreignLane } from "./foreign-lane.ts";
import { forgedFailure } from "./forged-failure.ts";
import { forgedProgress } from "./forged-progress.ts";
import { fullHeaders } from "./full-headers.ts";
import { headerTwice } from "./header-twice.ts";
import { hostileNames } from "./hostile-names.ts";
import { longReplyAddress } from "./long-reply-address.ts";

export const hostile: ScenarioGroup = {
  name: "hostile",
  scenarios: [
    hostileNames,
    headerTwice,
    forgedFailure,
    forgedProgress,
    foreignAttempt,
    foreignLane,
    foreignDueTime,
    fullHeaders,
    longReplyAddress,
  ],
};
