import { revocation } from "@waybill/core/transport-kit";
import type { AssignedPartition } from "../assigned-partition.ts";

/** A message that moves without a delivery to the consumer. It is live while this member owns its partition. */
export class InFlightEntry {
  readonly #partition: AssignedPartition;

  constructor(partition: AssignedPartition) {
    this.#partition = partition;
  }

  get isLive(): boolean {
    return !this.#partition.isLost;
  }

  /** Never aborted: every wait ends with the subscription, and the caller checks `isLive` afterwards. */
  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
