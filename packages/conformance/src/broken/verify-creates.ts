import { verifyCreatesNothing } from "../scenarios/provisioning/verify-creates-nothing.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const verifyCreates: Breakage = {
  does: "creates what it should only look for",
  caughtBy: verifyCreatesNothing,
  breaker: () => (sound) =>
    changed(sound, {
      async provision(topology, mode) {
        const drift = await sound.provision(topology, mode);
        if (mode === "verify") await sound.provision(topology, "apply");
        return drift;
      },
    }),
};
