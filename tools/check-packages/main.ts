import { join } from "node:path";
import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { checkPackages } from "./check-packages.ts";

const program = join(ROOT, "tools/check-packages/consumer/main.ts");
report(
  checkPackages(ROOT, { program, alongside: ["zod"] }),
  `a stranger can import, require, compile and run every package on Node ${process.version}`,
);
