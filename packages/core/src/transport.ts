/** The entry point for transports: everything that a broker adapter must implement, and the values that pass through it. */
export type { Cancel, Clock } from "./environment/clock.ts";
export type { Environment } from "./environment/environment.ts";
export { MessagingError, isMessagingError } from "./environment/messaging-error.ts";
export type { Random } from "./environment/random.ts";
export { HEADER, NO_HEADERS, type Headers } from "./message/headers.ts";
export type { Capabilities, CapabilityName } from "./spi/capabilities.ts";
export type { Destination, Source } from "./spi/destination.ts";
export {
  type Report,
  STORED,
  type Depth,
  type PublishFailure,
  type PublishResult,
  type ReplyInbox,
  type Subscription,
  type Transport,
  type TransportFactory,
  type TransportState,
} from "./spi/transport.ts";
export {
  ACK,
  AFTER_A_FAULT,
  RELEASE,
  type Deliver,
  type Delivery,
  type Settlement,
} from "./spi/settlement.ts";
export type { Drift, Topology } from "./spi/topology.ts";
export type { WireMessage } from "./spi/wire-message.ts";
