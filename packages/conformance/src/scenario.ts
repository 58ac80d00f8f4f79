import type { CapabilityName } from "@waybill/core/transport";
import type { Countable, FaultName } from "./harness.ts";
import type { Stage } from "./kit/stage.ts";

/** One promise of the transport contract, and how it is proved. */
export interface Scenario {
  /** The promise, as a sentence. */
  readonly name: string;
  /** Declared, the scenario must hold; declared as `none`, asking for it must be refused. */
  readonly needs?: readonly CapabilityName[];
  /** Where the world does not offer one of these, the scenario is reported as not offered. */
  readonly faults?: readonly FaultName[];
  /** It needs another program that writes past the transport: `World.raw`. */
  readonly writesRaw?: true;
  /** Only worlds that can count these can tell. */
  readonly counts?: readonly Countable[];
  /** Resolves when the promise was kept. @throws BrokenPromise when it was not. */
  run(stage: Stage): Promise<void>;
}

/** Scenarios about one thing. */
export interface ScenarioGroup {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}
