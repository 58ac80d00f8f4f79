import { revocation } from "@waybill/core/transport-kit";
import type { AssignedPartition } from "../assigned-partition.ts";

/** A message that is moved without having been handed out: in this member's hands for as long as its partition is. */
export class InFlightEntry {
  readonly #partition: AssignedPartition;

  constructor(partition: AssignedPartition) {
    this.#partition = partition;
  }

  get isLive(): boolean {
    return !this.#partition.isLost;
  }

  /** Never aborted: who waits looks at `isLive` afterwards, and every wait ends with the subscription. */
  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
