import type { ScenarioGroup } from "../../scenario.ts";
import { nothingAltered } from "./nothing-altered.ts";
import { bareMessage } from "./bare-message.ts";
import { manyHeaders } from "./many-headers.ts";
import { identity } from "./identity.ts";
import { plainMessages } from "./plain-messages.ts";
import { mutation } from "./mutation.ts";
import { notProvisioned } from "./not-provisioned.ts";
import { deletedSource } from "./deleted-source.ts";
import { slowHandler } from "./slow-handler.ts";
import { keepsLease } from "./keeps-lease.ts";
import { depth } from "./depth.ts";

export const consuming: ScenarioGroup = {
  name: "consuming",
  scenarios: [
    nothingAltered,
    bareMessage,
    manyHeaders,
    identity,
    plainMessages,
    mutation,
    notProvisioned,
    deletedSource,
    slowHandler,
    keepsLease,
    depth,
  ],
};
