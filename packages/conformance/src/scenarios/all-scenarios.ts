import type { ScenarioGroup } from "../scenario.ts";
import { closing } from "./closing/group.ts";
import { consuming } from "./consuming/group.ts";
import { delays } from "./delays/group.ts";
import { draining } from "./draining/group.ts";
import { hostile } from "./hostile/group.ts";
import { lanes } from "./lanes/group.ts";
import { lifecycle } from "./lifecycle/group.ts";
import { network } from "./network/group.ts";
import { outages } from "./outages/group.ts";
import { provisioning } from "./provisioning/group.ts";
import { publishFailures } from "./publish-failures/group.ts";
import { publishing } from "./publishing/group.ts";
import { requests } from "./requests/group.ts";
import { settling } from "./settling/group.ts";
import { topics } from "./topics/group.ts";

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly ScenarioGroup[] = [
  publishing,
  publishFailures,
  consuming,
  topics,
  lanes,
  settling,
  requests,
  delays,
  lifecycle,
  draining,
  closing,
  provisioning,
  network,
  outages,
  hostile,
];
