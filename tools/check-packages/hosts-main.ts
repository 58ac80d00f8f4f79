import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { HOSTS, hostFindings } from "./hosts.ts";

report(await hostFindings(ROOT), `the packed packages run with ${HOSTS.map(({ name }) => name).join(", ")}`);
