import type { ScenarioGroup } from "../../scenario.ts";
import { closedInbox } from "./closed-inbox.ts";
import { firstRequest } from "./first-request.ts";
import { hostileAddresses } from "./hostile-addresses.ts";
import { knowsAddresses } from "./knows-addresses.ts";
import { ownReplies } from "./own-replies.ts";
import { replyUntouched } from "./reply-untouched.ts";
import { requesterGone } from "./requester-gone.ts";

export const requests: ScenarioGroup = {
  name: "requests",
  scenarios: [
    ownReplies,
    firstRequest,
    replyUntouched,
    requesterGone,
    closedInbox,
    hostileAddresses,
    knowsAddresses,
  ],
};
