import type { ScenarioGroup } from "../../scenario.ts";
import { closeEndsADrain } from "./close-ends-a-drain.ts";
import { closeGivesBack } from "./close-gives-back.ts";
import { closeTwice } from "./close-twice.ts";
import { closeWhileConnecting } from "./close-while-connecting.ts";
import { closedRefuses } from "./closed-refuses.ts";
import { connectAborted } from "./connect-aborted.ts";
import { crashGivesBack } from "./crash-gives-back.ts";
import { noConnectionsLeft } from "./no-connections-left.ts";
import { noTimersLeft } from "./no-timers-left.ts";

export const closing: ScenarioGroup = {
  name: "closing",
  scenarios: [
    closeGivesBack,
    closeEndsADrain,
    closeTwice,
    closeWhileConnecting,
    connectAborted,
    closedRefuses,
    crashGivesBack,
    noTimersLeft,
    noConnectionsLeft,
  ],
};
