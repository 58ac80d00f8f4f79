import type { ScenarioGroup } from "../scenario.ts";
import { publishing } from "./publishing/group.ts";
import { publishFailures } from "./publish-failures/group.ts";
import { consuming } from "./consuming/group.ts";
import { topics } from "./topics/group.ts";
import { lanes } from "./lanes/group.ts";
import { settling } from "./settling/group.ts";
import { requests } from "./requests/group.ts";
import { delays } from "./delays/group.ts";
import { life } from "./life/group.ts";
import { draining } from "./draining/group.ts";
import { closing } from "./closing/group.ts";
import { provisioning } from "./provisioning/group.ts";
import { network } from "./network/group.ts";
import { outages } from "./outages/group.ts";
import { hostile } from "./hostile/group.ts";

/** Every promise, in the order of the report. */
export const SCENARIOS: readonly ScenarioGroup[] = [
  publishing,
  publishFailures,
  consuming,
  topics,
  lanes,
  settling,
  requests,
  delays,
  life,
  draining,
  closing,
  provisioning,
  network,
  outages,
  hostile,
];
