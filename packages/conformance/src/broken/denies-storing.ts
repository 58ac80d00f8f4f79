import { lostConfirm } from "../scenarios/publishing/lost-confirm.ts";
import type { Breakage } from "./breakage.ts";
import { changedResults } from "./change.ts";

export const deniesStoring: Breakage = {
  does: "calls what may be stored certainly not stored",
  caughtBy: lostConfirm,
  breaker: () => (sound) =>
    changedResults(sound, (results) =>
      results.map((result) =>
        result.ok ? result : { ok: false, error: { ...result.error, maybeStored: false } },
      ),
    ),
};
