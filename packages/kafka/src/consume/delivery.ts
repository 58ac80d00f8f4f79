import type { Delivery, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";
import { partitionName } from "../topology/topic-partition.ts";
import { messageOf, type ReadFrom } from "../wire/message.ts";
import { attemptsOf } from "../wire/own-headers.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { Entry } from "./offsets/offset-tracker.ts";

/** The delivery of one record to the consumer, until it is settled or revoked. */
export class KafkaDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "header";
  readonly lane: number | undefined;
  readonly entry: Entry;
  readonly partition: AssignedPartition;
  /** False once it is settled or revoked: later settlements are ignored. */
  isLive = true;

  constructor(partition: AssignedPartition, entry: Entry, destination: ReadFrom["destination"]) {
    this.partition = partition;
    this.entry = entry;
    this.lane = partition.lane;
    this.message = messageOf(entry.record, {
      destination,
      lane: partition.lane,
      partition: partitionName(partition.topic, partition.number),
    });
    this.attempt = 1 + attemptsOf(entry.record) + entry.lostDeliveries;
  }

  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
