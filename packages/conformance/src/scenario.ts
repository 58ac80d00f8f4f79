import type { CapabilityName } from "@waybill/core/transport";
import type { Countable, FaultName } from "./harness.ts";
import type { Stage } from "./kit/stage.ts";

/** One promise of the transport contract, and its proof. */
export interface Scenario {
  /** The promise, as a sentence without a full stop. */
  readonly name: string;
  /** The scenario must hold where all of these are declared. Where one is declared as `none`, using it must be refused. */
  readonly needs?: readonly CapabilityName[];
  /** The faults it causes. In a world without one of them, the scenario is reported as not offered. */
  readonly faults?: readonly FaultName[];
  /** Whether it writes as another program does, past the transport. It then needs `World.raw`. */
  readonly writesRaw?: true;
  /** The resources it counts. In a world that cannot count one of them, the scenario is reported as not offered. */
  readonly counts?: readonly Countable[];
  /** Resolves when the promise was kept. @throws BrokenPromise otherwise */
  run(stage: Stage): Promise<void>;
}

/** The scenarios about one subject. */
export interface ScenarioGroup {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}
