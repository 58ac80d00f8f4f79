import { signalOf } from "@waybill/core/transport";
import type { Partition } from "./partition.ts";

/** A message that is moved without having been handed out: in this member's hands for as long as its partition is. */
export class HeldEntry {
  readonly #partition: Partition;

  constructor(partition: Partition) {
    this.#partition = partition;
  }

  get isLive(): boolean {
    return !this.#partition.isLost;
  }

  /** Never aborted: who waits looks at `isLive` afterwards, and every wait ends with the subscription. */
  get signal(): AbortSignal {
    return signalOf(this);
  }
}
