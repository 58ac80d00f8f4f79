import type { MemoryBroker } from "@waybill/memory";
import type { Random } from "@waybill/core/transport";
import type { PlatformRule } from "../platform/platform-port.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import type { History } from "../history/history.ts";
import type { Agenda } from "./agenda.ts";
import type { Profile } from "./profile.ts";
import type { SimClock } from "./platform/sim-clock.ts";

/** The objects that all code of one run shares. */
export interface RunParts {
  readonly clock: SimClock;
  readonly agenda: Agenda;
  readonly history: History;
  readonly faults: FaultPlan;
  readonly random: Random;
  readonly broker: MemoryBroker;
  readonly profile: Profile;
  readonly platform: PlatformRule;
  /** The platform violations of the application's code, as sentences. */
  readonly platformViolations: string[];
}
