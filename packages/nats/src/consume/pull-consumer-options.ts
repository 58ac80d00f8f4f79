import type { Destination } from "@waybill/core/transport";
import type { AckWriter } from "./ack-writer.ts";
import type { PullInboxOptions } from "./pull-inbox.ts";

export interface PullConsumerOptions extends PullInboxOptions {
  /** The destination to which the messages were sent. */
  readonly destination: Destination;
  readonly acks: AckWriter;
  /** Called when a message arrived and may be dispatched. */
  readonly onArrival: () => void;
  /** Called when deliveries were revoked, with the number of those that a handler has. */
  readonly onRevoked: (dispatched: number) => void;
  /** Called when a delivery of a lane is missing. The consumer takes no more messages, because they would overtake it. */
  readonly onGap: () => void;
  /** Called when somebody has deleted the consumer. */
  readonly onDeleted: () => void;
  /** Called when a deleted consumer exists again. */
  readonly onRestored: () => void;
}
