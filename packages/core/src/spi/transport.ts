import type { GivenOptions } from "../environment/check-options.ts";
import type { ErrorCode } from "../environment/error-codes.ts";
import type { Environment } from "../environment/environment.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Source } from "./destination.ts";
import type { Report } from "./report.ts";
import type { Deliver } from "./settlement.ts";
import type { Drift, Topology } from "./topology.ts";
import type { WireMessage } from "./wire-message.ts";

/**
 * A broker, as core sees it. An adapter translates and never sees handlers, schemas, codecs or policies.
 * Times are milliseconds since the Unix epoch by the clock of the {@link Environment} it was made with.
 */
export interface Transport {
  /** The adapter's name: `memory`, `kafka`, `rabbitmq`, `nats`. */
  readonly name: string;
  /** Known after `connect`: computed from the server's version. */
  readonly capabilities: Capabilities;
  /**
   * Called before everything else; each address is tried once. Where it has rejected it is called again, or `close` is.
   * Once it has resolved the adapter reconnects by itself, and calls `tell` with what whoever
   * runs the process has to know and no error says, as a sentence: messages that the broker has removed, permissions that
   * are gone, what its client warns of.
   * @throws MessagingError `connect-failed`, naming the address; also when `signal` aborts. It is not retriable where
   *   waiting does not help: wrong credentials, another protocol.
   */
  connect(signal: AbortSignal, tell?: (notice: string) => void): Promise<void>;
  /**
   * `apply` creates what is missing and changes nothing that exists; `verify` creates nothing. Both are
   * idempotent, safe to run by several instances at once, and answer with the drift that remains.
   * @throws MessagingError `provisioning-failed`, retriable where waiting may help; `not-permitted`, `disconnected`
   */
  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]>;
  /**
   * Stores messages: one result each, in the same order; never rejects. Messages of one lane are stored in the
   * order of the calls. Called concurrently; an adapter forms what arrives together into batches.
   */
  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]>;
  /** Why a message would be refused, where that is known without the broker: size, delay, headers. Asked before several leave together. */
  refusalOf?(message: WireMessage): PublishFailure | undefined;
  /**
   * Resolves once a message published from then on is seen. Starts with a credit of 0. After a lost connection
   * the adapter resumes it by itself. Calls `report` when the source cannot be served as it should, and when it can be again.
   * @throws MessagingError `unroutable` when the source was not provisioned, `not-permitted` when this user may not read it
   *   or not write where its messages go on, `disconnected`, `closed`
   */
  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription>;
  /** Opens a place for replies that only this process reads. `onReply` never throws. Resolves once replies are seen. */
  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox>;
  /** Whether a reply can go to an address: asked before the handler of a request runs. Absent: every address is tried. */
  takesReplies?(address: string): boolean;
  /** Calls `listener` with the present state at once, then on every change. Returns what ends it. */
  onState(listener: (state: TransportState) => void): () => void;
  /** How much waits, for health, metrics and tools. */
  depth(source: Source): Promise<Depth>;
  /** Ends everything; what is still held is given back. Safe to call twice, and while connecting. Never rejects. */
  close(deadline: number): Promise<void>;
}

/** What became of one published message. */
export type PublishResult = { readonly ok: true } | { readonly ok: false; readonly error: PublishFailure };

export interface PublishFailure {
  /** `disconnected` and `blocked` mean: worth resending under the same id. Every other code is final. */
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
  /** What happened, as a sentence. */
  readonly message: string;
  /** The broker may hold it all the same: a resend may duplicate it. */
  readonly maybeStored: boolean;
  readonly cause?: unknown;
}

/** The usual result, shared. */
export const STORED: PublishResult = Object.freeze({ ok: true });

export interface Subscription {
  /** Sets the window of unsettled deliveries; 0 pauses. A lower value takes effect as deliveries are settled. */
  credit(window: number): void;
  /**
   * Stops the intake, waits for running deliveries, settles them and gives back the rest; those still
   * unanswered at the deadline are given back too and their signals abort. Never rejects; safe to call twice.
   */
  drain(deadline: number): Promise<void>;
}

export interface ReplyInbox {
  /** What a requester sends along as the return address; the transport's own, checked when used. */
  readonly address: string;
  close(): Promise<void>;
}

export interface TransportState {
  readonly status: "connecting" | "ready" | "blocked" | "disconnected" | "closed";
  /** Why, where the broker or the client says so. */
  readonly reason: string | undefined;
}

export interface Depth {
  /** Waiting for a member. */
  readonly ready: number;
  /** Delivered and not settled; absent where the broker does not tell. */
  readonly unsettled: number | undefined;
  /** Waiting for their time; absent where the broker does not tell. */
  readonly delayed: number | undefined;
  /** How many consume it at the moment, at least; absent where the broker does not tell. */
  readonly members?: number;
}

/**
 * What an adapter package exports as `createTransport`. `options` are what a configuration says under the adapter's
 * name, unchecked: see `checkOptions`. They win over what the URL says.
 * @throws MessagingError `invalid-option` for a URL or options it cannot use; the text holds no value of theirs
 */
export type TransportFactory = (url: string, environment: Environment, options?: GivenOptions) => Transport;
