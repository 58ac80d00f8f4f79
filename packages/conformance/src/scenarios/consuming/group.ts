import type { ScenarioGroup } from "../../scenario.ts";
import { bareMessage } from "./bare-message.ts";
import { deletedSource } from "./deleted-source.ts";
import { depth } from "./depth.ts";
import { identity } from "./identity.ts";
import { keepsLease } from "./keeps-lease.ts";
import { manyHeaders } from "./many-headers.ts";
import { mutation } from "./mutation.ts";
import { notProvisioned } from "./not-provisioned.ts";
import { nothingAltered } from "./nothing-altered.ts";
import { plainMessages } from "./plain-messages.ts";
import { subscribedReceives } from "./subscribed-receives.ts";

export const consuming: ScenarioGroup = {
  name: "consuming",
  scenarios: [
    nothingAltered,
    bareMessage,
    manyHeaders,
    identity,
    plainMessages,
    mutation,
    subscribedReceives,
    notProvisioned,
    deletedSource,
    keepsLease,
    depth,
  ],
};
