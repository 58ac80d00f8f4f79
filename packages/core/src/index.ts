/** The entry point for applications. */
export { command, event } from "./message/declare-contract.ts";
export type {
  Command,
  CommandOptions,
  ContentMode,
  Contract,
  DataOf,
  Event,
  EventOptions,
  ReplyOf,
} from "./message/contract.ts";
export { plainJson, plainLong, plainText, type PlainValue } from "./codec/plain-values.ts";
export type { PlainFormat, PlainMessage, PlainParts } from "./message/plain-format.ts";
export { type Codec, bytesCodec } from "./message/codec.ts";
export type { Envelope, ExtensionValue, Intent } from "./message/envelope.ts";
export type { InputOf, OutputOf, Schema } from "./message/schema.ts";
export type { ErrorCode } from "./environment/error-codes.ts";
export { MessagingError, isMessagingError } from "./environment/messaging-error.ts";
export type { Duration } from "./environment/duration.ts";
export type { DelayedRetries, RecoveryOptions } from "./recovery/policy.ts";
export type { HandlerContext } from "./pipeline/handler-context.ts";
export type { Messenger, RequestOptions, SendOptions } from "./pipeline/messenger.ts";
export type {
  IncomingMiddleware,
  Middleware,
  OutgoingMiddleware,
  OutgoingFacts,
} from "./pipeline/middleware.ts";
export {
  service,
  type CommandHandler,
  type EventHandler,
  type HandlerDeclaration,
  type HandlerOptions,
  type Service,
  type ServiceOptions,
  type SubscriptionOptions,
} from "./bus/plan/service.ts";
export { createBus } from "./bus/create-bus.ts";
export type { Bus, Counters, StopOptions } from "./bus/bus.ts";
export type { BusState } from "./bus/lifecycle/bus-state.ts";
export type { Impairment } from "./bus/lifecycle/impairments.ts";
export type { BusOptions, ProvisionMode, Timeouts } from "./bus/config/options.ts";
export type {
  DeadLetter,
  DeadLetterOptions,
  DeadLetters,
  Failure,
  Replayed,
} from "./bus/dead-letters/dead-letters.ts";
export { defineConfig, type BusConfig, type Config } from "./bus/config/define-config.ts";
export { fromEnv, fromFile, type Secret } from "./bus/config/secret.ts";
export type {
  ExplainedContract,
  ExplainedRetries,
  ExplainedSupport,
  Explanation,
} from "./bus/explain/explanation.ts";
export { RemoteError } from "./bus/request/remote-error.ts";
export { stopOnSignals, type SignalOptions } from "./bus/stop-on-signals.ts";
