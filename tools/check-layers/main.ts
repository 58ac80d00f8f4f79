import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { checkLayers } from "./check-layers.ts";

const violations = checkLayers(ROOT);
report(
  violations.map(({ rule, text, ...place }) => ({ ...place, text: `${text} [${rule}]` })),
  "all imports follow the plan",
);
