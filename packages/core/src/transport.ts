/** The door for whoever writes a transport. */
export { type Clock, type Cancel, sleep, within } from "./ground/clock.ts";
export { VirtualClock } from "./ground/virtual-clock.ts";
export { checkOptions, type GivenOptions, type OptionKinds } from "./ground/check-options.ts";
export { type Ground, systemGround } from "./ground/ground.ts";
export { type Random, seededRandom } from "./ground/random.ts";
export { MessagingError, describeThrown, isMessagingError, isRetriable } from "./ground/messaging-error.ts";
export { type Headers, BINARY_PREFIX, HEADER, NO_HEADERS } from "./message/headers.ts";
export {
  MOST_ATTEMPTS,
  dropFailureHeaders,
  isFailureHeader,
  isReplyAddress,
  moveFailureHeadersAside,
  nameAside,
  readAttempt,
  readDueTime,
  readId,
  readLane,
} from "./message/wire-headers.ts";
export { createAmbient } from "./runtime/ambient.ts";
export { laneOf } from "./message/lane.ts";
export type { Destination, Source } from "./spi/destination.ts";
export type { WireMessage } from "./spi/wire-message.ts";
export {
  ACK,
  AFTER_A_FAULT,
  RELEASE,
  type Deliver,
  type Delivery,
  type Settlement,
} from "./spi/settlement.ts";
export type { Drift, GroupSpec, Topology, TopicSpec } from "./spi/topology.ts";
export type { Capabilities, CapabilityName } from "./spi/capabilities.ts";
export type { Report } from "./spi/report.ts";
export {
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
export { BrokerUrl, shownAddress, type BrokerAddress } from "./adapting/broker-url.ts";
export { Forwarding, type Fate, type Forwarded, type ForwardedForm } from "./adapting/forwarding.ts";
export { HandOut } from "./adapting/hand-out.ts";
export { InHand } from "./adapting/in-hand.ts";
export { invalidOption } from "./adapting/options.ts";
export { lanesOf } from "./adapting/lanes-of.ts";
export { Problems } from "./adapting/problems.ts";
export { Pauses } from "./adapting/pauses.ts";
export { revoke, signalOf } from "./adapting/revocation.ts";
export { Lifetime } from "./adapting/lifetime.ts";
export { refusal } from "./adapting/refusal.ts";
export { sentTo } from "./adapting/sent-to.ts";
export { isAtLeast, supported, type Version } from "./adapting/server-version.ts";
export { tlsOf } from "./adapting/tls-of.ts";
export type { TlsOptions } from "./runtime/tls-options.ts";
export { shortenedFailure } from "./adapting/shortened-failure.ts";
export { unlessAborted } from "./adapting/unless-aborted.ts";
export { createBatcher, type Batcher } from "./batching/batcher.ts";
