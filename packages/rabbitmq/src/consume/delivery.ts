import type { ConsumeMessage } from "amqplib";
import type { Delivery, WireMessage } from "@waybill/core/transport";
import { revocation } from "@waybill/core/transport-kit";

/** A message that RabbitMQ delivered to this process, until it is settled or its channel is closed. */
export class RabbitmqDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "broker";
  readonly lane: number | undefined;
  readonly raw: ConsumeMessage;
  /** Whether the delivery is neither settled nor revoked. Settlements after that are ignored. */
  isLive = true;
  /**
   * Whether the delivery rests: its copy cannot be stored at present, and the delivery does not count towards the
   * window.
   */
  isResting = false;
  /** Its neighbours in a list of deliveries. */
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
