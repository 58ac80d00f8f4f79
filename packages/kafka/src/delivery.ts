import { signalOf, type Delivery, type WireMessage } from "@waybill/core/transport";
import type { Entry } from "./ledger.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import { messageOf, type ReadFrom } from "./wire.ts";
import { triesOf } from "./own-values.ts";

/** A message in a handler's hands, until it is settled or its partition is lost. */
export class KafkaDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "header";
  readonly lane: number | undefined;
  readonly entry: Entry;
  readonly partition: Partition;
  /** Until it is settled or taken back: later answers are ignored. */
  isLive = true;

  constructor(partition: Partition, entry: Entry, destination: ReadFrom["destination"]) {
    this.partition = partition;
    this.entry = entry;
    this.lane = partition.lane;
    this.message = messageOf(entry.record, {
      destination,
      lane: partition.lane,
      place: partitionName(partition.topic, partition.number),
    });
    this.attempt = 1 + triesOf(entry.record) + entry.vain;
  }

  get signal(): AbortSignal {
    return signalOf(this);
  }
}
