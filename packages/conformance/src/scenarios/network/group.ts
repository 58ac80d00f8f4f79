import type { ScenarioGroup } from "../../scenario.ts";
import { closeWhileCut } from "./close-while-cut.ts";
import { closeWhileStalled } from "./close-while-stalled.ts";
import { halfOpenNoticed } from "./half-open-noticed.ts";
import { reconnectStorm } from "./reconnect-storm.ts";
import { repliesAcrossReset } from "./replies-across-reset.ts";
import { resetMidConsume } from "./reset-mid-consume.ts";
import { resetMidPublish } from "./reset-mid-publish.ts";
import { resetWhileSettling } from "./reset-while-settling.ts";
import { resetWhileStarting } from "./reset-while-starting.ts";
import { stalledConnect } from "./stalled-connect.ts";

export const network: ScenarioGroup = {
  name: "network",
  scenarios: [
    resetMidPublish,
    resetMidConsume,
    resetWhileSettling,
    resetWhileStarting,
    repliesAcrossReset,
    reconnectStorm,
    halfOpenNoticed,
    stalledConnect,
    closeWhileCut,
    closeWhileStalled,
  ],
};
