import type { ConsumeMessage } from "amqplib";
import type { Delivery, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";

/** A message in this process's hands, until it is settled or its channel is gone. */
export class RabbitmqDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "broker";
  readonly lane: number | undefined;
  readonly raw: ConsumeMessage;
  /** Until it is settled or taken back: later answers are ignored. */
  isLive = true;
  /** It can be stored nowhere at present, and takes no place in the window. */
  isResting = false;
  /** Who was taken before and after it: for the list of what is in hand. */
  before: RabbitmqDelivery | undefined = undefined;
  after: RabbitmqDelivery | undefined = undefined;

  constructor(
    raw: ConsumeMessage,
    { message, attempts }: { readonly message: WireMessage; readonly attempts: number },
  ) {
    this.raw = raw;
    this.message = message;
    this.attempt = attempts + 1;
    this.lane = message.lane;
  }

  get tag(): number {
    return this.raw.fields.deliveryTag;
  }

  get signal(): AbortSignal {
    return revocation.signalOf(this);
  }
}
