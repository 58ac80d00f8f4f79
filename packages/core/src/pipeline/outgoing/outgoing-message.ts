import type { Envelope, Intent } from "../../message/envelope.ts";
import { NO_HEADERS } from "../../message/headers.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { HandlerScope } from "../incoming/handler-scope.ts";
import type { SendOptions } from "../messenger.ts";
import { copyOfOptions, snapshotOf } from "./snapshot.ts";
import type { Route } from "../route.ts";

/** One message to send, before it enters the outgoing pipeline. */
export interface OutgoingRequest {
  readonly intent: Intent;
  readonly route: Route;
  readonly data: unknown;
  readonly options: SendOptions;
  /** The handled message that causes it, and the service that handles it. */
  readonly cause: Cause | undefined;
  /** The handler that holds it until the handler succeeds; undefined for a message that is stored at once. */
  readonly scope: HandlerScope | undefined;
  readonly replyTo: string | undefined;
  /** Called just before the message is stored: a reply may come before the confirmation does. */
  readonly beforeStore: BeforeStore | undefined;
}

export type BeforeStore = (envelope: Envelope, wire: WireMessage) => void;

export interface Cause {
  readonly message: Envelope;
  readonly service: string;
  /**
   * Its position among the messages of one handler call: the same on every try, so that its id is the same too.
   * Undefined for a handler that has finished.
   */
  readonly position: number | string | undefined;
}

/** One message on its way out: the steps read it and add their results. */
export class OutgoingMessage {
  readonly intent: Intent;
  readonly route: Route;
  readonly cause: Cause | undefined;
  readonly scope: HandlerScope | undefined;
  readonly replyTo: string | undefined;
  readonly beforeStore: BeforeStore | undefined;
  private ownData: unknown;
  private ownOptions: SendOptions;
  private isCopy = false;
  /** The output of the schema; step `validate` sets it. */
  output: unknown = undefined;
  /** Step `stamp` sets it. */
  envelope: Envelope = UNSTAMPED;
  /** Step `encode` sets it. */
  wire: WireMessage = UNENCODED;

  constructor({ intent, route, data, options, cause, scope, replyTo, beforeStore }: OutgoingRequest) {
    this.intent = intent;
    this.route = route;
    this.ownData = data;
    this.ownOptions = options;
    this.cause = cause;
    this.scope = scope;
    this.replyTo = replyTo;
    this.beforeStore = beforeStore;
  }

  get data(): unknown {
    return this.ownData;
  }

  get options(): SendOptions {
    return this.ownOptions;
  }

  /** Copies data and options: later changes by the sender do not reach the message. */
  takeSnapshot(): void {
    if (this.isCopy) return;
    this.isCopy = true;
    this.ownData = snapshotOf(this.ownData);
    this.ownOptions = copyOfOptions(this.ownOptions);
  }
}

const UNSTAMPED: Envelope = Object.freeze({
  id: "",
  source: "",
  type: "",
  time: undefined,
  correlationId: undefined,
  causationId: undefined,
  partitionKey: undefined,
  replyTo: undefined,
  extensions: Object.freeze({}),
  data: undefined,
});

const UNENCODED: WireMessage = Object.freeze({
  id: "",
  destination: Object.freeze({ kind: "reply", address: "" }),
  body: new Uint8Array(0),
  contentType: "",
  headers: NO_HEADERS,
  type: undefined,
  correlationId: undefined,
  key: undefined,
  lane: undefined,
  deliverAt: undefined,
});
