import type { GivenOptions } from "../environment/check-options.ts";
import type { ErrorCode } from "../environment/error-codes.ts";
import type { Environment } from "../environment/environment.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Source } from "./destination.ts";
import type { Deliver } from "./settlement.ts";
import type { Drift, Topology } from "./topology.ts";
import type { WireMessage } from "./wire-message.ts";

/**
 * A broker, as core sees it. An adapter translates and never sees handlers, schemas, codecs or policies.
 * Times are milliseconds since the Unix epoch, by the clock of the {@link Environment} that it was created with.
 */
export interface Transport {
  /** The adapter's name: `memory`, `kafka`, `rabbitmq`, `nats`. */
  readonly name: string;
  /** Known once `connect` has resolved, because they depend on the server's version. */
  readonly capabilities: Capabilities;
  /**
   * Connects. Core calls it before every other method, and after a rejection calls it again or calls `close`. The adapter
   * tries each address once. Once connected, it reconnects by itself, and calls `warn` with a sentence for the operator about
   * each problem that no error reports: messages that the broker has removed, lost permissions, warnings of the client.
   * @throws MessagingError `connect-failed`, with the addresses; also when `signal` aborts. It is not retriable when
   *   waiting does not help: wrong credentials, another protocol.
   */
  connect(signal: AbortSignal, warn?: (text: string) => void): Promise<void>;
  /**
   * `apply` creates missing entities and changes nothing that exists; `verify` creates nothing. Both are
   * idempotent, several instances may call them at once, and both return the drift that remains.
   * @throws MessagingError `provisioning-failed`, retriable where waiting may help; `not-permitted`, `disconnected`
   */
  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]>;
  /**
   * Stores messages and returns one result for each, in the same order; never rejects. Messages of one lane are stored in
   * the order of the calls. Core calls it concurrently; an adapter may combine concurrent calls into one batch.
   */
  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]>;
  /**
   * Returns the failure of a message that is bound to be refused, as far as it is known without the broker: size, delay,
   * headers. Core asks before it publishes several messages together.
   */
  refusalOf?(message: WireMessage): PublishFailure | undefined;
  /**
   * Subscribes to a source, with a credit of 0. Once resolved, every message published later is delivered. After a lost
   * connection the adapter resumes the subscription by itself. It calls `report` when the source is impaired, and when it
   * works again.
   * @throws MessagingError `unroutable` when the source was not provisioned, `not-permitted` when this user may not read it
   *   or may not write its retries and dead letters, `disconnected`, `closed`
   */
  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription>;
  /** Opens an inbox that only this process reads. `onReply` never throws. Once resolved, every reply is delivered. */
  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox>;
  /**
   * Returns whether a reply can be published to an address. Core asks before the handler of a request runs. Absent: core
   * tries every address.
   */
  takesReplies?(address: string): boolean;
  /** Calls `observer` with the present state, and on every change. Returns a function that removes it. */
  onState(observer: (state: TransportState) => void): () => void;
  /** Returns the number of messages of a source, for health checks, metrics and tools. */
  depth(source: Source): Promise<Depth>;
  /**
   * Drains all subscriptions until the deadline, then closes the connection. Safe to call twice, and while connecting.
   * Never rejects.
   */
  close(deadline: number): Promise<void>;
}

/** The result of publishing one message. */
export type PublishResult = { readonly ok: true } | { readonly ok: false; readonly error: PublishFailure };

export interface PublishFailure {
  /** After `disconnected` and `blocked`, core resends the message under the same id. Every other code is final. */
  readonly code: Extract<
    ErrorCode,
    | "unroutable"
    | "too-large"
    | "rejected"
    | "not-permitted"
    | "delay-too-long"
    | "blocked"
    | "disconnected"
    | "closed"
  >;
  /** A sentence that says what happened. */
  readonly message: string;
  /** Whether the broker may have stored it all the same, so that a resend may duplicate it. */
  readonly maybeStored: boolean;
  readonly cause?: unknown;
}

/** The result of a stored message; shared, so that none is created for each message. */
export const STORED: PublishResult = Object.freeze({ ok: true });

export interface Subscription {
  /** Sets the window of unsettled deliveries; 0 pauses. A lower value takes effect as deliveries are settled. */
  credit(window: number): void;
  /**
   * Stops the intake, waits for the deliveries in flight, settles them and releases the rest. At the deadline it releases
   * the unsettled ones too, and their signals abort. Never rejects; safe to call twice.
   */
  drain(deadline: number): Promise<void>;
}

export interface ReplyInbox {
  /** The return address of requests, in the transport's own form. The transport checks it before it publishes a reply. */
  readonly address: string;
  close(): Promise<void>;
}

export interface TransportState {
  readonly status: "connecting" | "ready" | "blocked" | "disconnected" | "closed";
  /** The reason, if the broker or the client gives one. */
  readonly reason: string | undefined;
}

export interface Depth {
  /** Messages that wait for a member. */
  readonly ready: number;
  /** Messages in flight; absent when the broker does not report them. */
  readonly unsettled: number | undefined;
  /** Messages that are not due; absent when the broker does not report them. */
  readonly delayed: number | undefined;
  /** The least number of present members; absent when the broker does not report it. */
  readonly members?: number;
}

/**
 * The function that an adapter package exports as `createTransport`. `options` are those of a configuration under the
 * adapter's name, unchecked: see `checkOptions`. They take precedence over the URL.
 * @throws MessagingError `invalid-option` for a URL or options that it cannot use; its text contains no value of theirs
 */
export type TransportFactory = (url: string, environment: Environment, options?: GivenOptions) => Transport;

/** Reports a source as impaired by a sentence, and as working again by `undefined`. */
export type Report = (problem: string | undefined) => void;

/** For adapters: returns the failure of a message that the broker did not store. */
export function refusal(code: PublishFailure["code"], message: string, cause?: unknown): PublishFailure {
  return { code, message, maybeStored: false, cause };
}
