import type { Delivery, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";
import { copyMessage } from "../wire/copy-message.ts";
import type { Entry } from "./entry.ts";
import type { Lane } from "../lanes/lane.ts";

/** A message that a member received and has not settled. */
export class MemoryDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "broker";
  readonly lane: number | undefined;
  readonly entry: Entry;
  readonly from: Lane;
  /** False once the delivery is settled or revoked. Later settlements are ignored. */
  isLive = true;
  /** Its neighbours in the list of deliveries in flight. */
  before: MemoryDelivery | undefined = undefined;
  after: MemoryDelivery | undefined = undefined;

  constructor(entry: Entry, from: Lane) {
    this.message = copyMessage(entry.message);
    this.attempt = entry.attempt;
    this.lane = from.index;
    this.entry = entry;
    this.from = from;
  }

  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
