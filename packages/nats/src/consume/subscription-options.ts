import type { Clock, Deliver, Destination, Random, Report } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import type { SourceConsumer } from "../topology/sources.ts";
import type { ForwardServices } from "./forward.ts";

export interface SubscriptionOptions extends ForwardServices {
  readonly clock: Clock;
  readonly random: Random;
  readonly inboxPrefix: string;
  readonly leaseMs: number;
  /** The common part of the names of its consumers. */
  readonly base: string;
  /** Its consumers, one per lane. */
  readonly sourceConsumers: readonly SourceConsumer[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  /** Present while connected. */
  readonly link: () => ServerLink | undefined;
  /** Warns the operator. */
  readonly warn: (text: string) => void;
  /** Receives the reason why the source cannot be served. */
  readonly report: Report | undefined;
}
