import type { PlannedFault } from "../schedule/schedule.ts";
import type { FaultName } from "./fault-name.ts";

/** The faults of one run that are not injected yet. */
export class FaultPlan {
  readonly #pending: { readonly fault: PlannedFault; skips: number }[];

  constructor(faults: readonly PlannedFault[]) {
    this.#pending = faults.map((fault) => ({ fault, skips: fault.skips }));
  }

  /** The names of the pending faults. */
  get names(): readonly FaultName[] {
    return this.#pending.map(({ fault }) => fault.name);
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Counts an opportunity for a fault; returns the fault if it is injected now. */
  opportunity(name: FaultName): PlannedFault | undefined {
    if (this.#pending.length === 0) return undefined;
    for (const [at, pending] of this.#pending.entries()) {
      if (pending.fault.name !== name) continue;
      if (pending.skips-- > 0) continue;
      this.#pending.splice(at, 1);
      return pending.fault;
    }
    return undefined;
  }
}
