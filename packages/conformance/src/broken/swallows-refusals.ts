import { STORED } from "@waybill/core/transport";
import { unroutable } from "../scenarios/publishing/unroutable.ts";
import type { Breakage } from "./breakage.ts";
import { changedResults } from "./change.ts";

export const swallowsRefusals: Breakage = {
  does: "answers ok to whatever happens",
  caughtBy: unroutable,
  breaker: () => (sound) => changedResults(sound, (results) => results.map(() => STORED)),
};
