import type { ScenarioGroup } from "../../scenario.ts";
import { ackIsFinal } from "./ack-is-final.ts";
import { attemptsAcrossInstances } from "./attempts-across-instances.ts";
import { attemptsSurviveCrash } from "./attempts-survive-crash.ts";
import { deadLetterUntouched } from "./dead-letter-untouched.ts";
import { deadLettersApart } from "./dead-letters-apart.ts";
import { deadLettersRead } from "./dead-letters-read.ts";
import { outOfOrder } from "./out-of-order.ts";
import { releaseIsFree } from "./release-is-free.ts";
import { releaseKeepsOrder } from "./release-keeps-order.ts";
import { retryHarmsNobody } from "./retry-harms-nobody.ts";
import { retryHeaders } from "./retry-headers.ts";
import { retryWhenDue } from "./retry-when-due.ts";
import { settledAfterRevoke } from "./settled-after-revoke.ts";

export const settling: ScenarioGroup = {
  name: "settling",
  scenarios: [
    ackIsFinal,
    retryWhenDue,
    retryHarmsNobody,
    retryHeaders,
    attemptsAcrossInstances,
    attemptsSurviveCrash,
    deadLetterUntouched,
    deadLettersApart,
    deadLettersRead,
    releaseIsFree,
    releaseKeepsOrder,
    outOfOrder,
    settledAfterRevoke,
  ],
};
