import type { ConsumeMessage } from "amqplib";
import type { Delivery, WireMessage } from "@waybill/core/transport";

const REVOKED = "the broker took the message back";

/** A message in this process's hands, until it is settled or its channel is gone. */
export class RabbitmqDelivery implements Delivery {
  readonly message: WireMessage;
  readonly attempt: number;
  readonly attemptSource = "broker";
  readonly lane: number | undefined;
  readonly raw: ConsumeMessage;
  /** Until it is settled or taken back: later answers are ignored. */
  isLive = true;
  #controller: AbortController | undefined = undefined;

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
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (!this.isLive) this.#controller.abort(REVOKED);
    }
    return this.#controller.signal;
  }

  revoke(): void {
    this.isLive = false;
    this.#controller?.abort(REVOKED);
  }
}
