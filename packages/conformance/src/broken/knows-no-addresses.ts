import { knowsAddresses } from "../scenarios/requests/knows-addresses.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const knowsNoAddresses: Breakage = {
  does: "takes any text for the form of its reply addresses",
  caughtBy: knowsAddresses,
  breaker: () => (sound) => changed(sound, { takesReplies: () => true }),
};
