import type { Envelope } from "../../message/envelope.ts";
import { NO_HEADERS } from "../../message/headers.ts";
import type { Intent } from "../../message/intent.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { HandlerScope } from "../incoming/handler-scope.ts";
import type { SendOptions } from "../messenger.ts";
import { copyOfOptions, snapshotOf } from "./snapshot.ts";
import type { Route } from "../route.ts";

/** What is said of a message when it sets out. */
export interface OutgoingRequest {
  readonly intent: Intent;
  readonly route: Route;
  readonly data: unknown;
  readonly options: SendOptions;
  /** The handled message that caused it, and the service that handles it. */
  readonly cause: Cause | undefined;
  /** The running handler that holds it back until it has succeeded; absent: it leaves at once. */
  readonly scope: HandlerScope | undefined;
  readonly replyTo: string | undefined;
  /** Called just before it is stored: a reply may come before the confirmation does. */
  readonly onLeave: OnLeave | undefined;
}

export type OnLeave = (envelope: Envelope, wire: WireMessage) => void;

export interface Cause {
  readonly message: Envelope;
  readonly service: string;
  /** Its place among the messages of one handler: the same on every try, so that its id is too. Absent once the handler has finished. */
  readonly position: number | string | undefined;
}

/** One message on its way out: the steps read it and fill in the rest. */
export class OutgoingMessage {
  readonly intent: Intent;
  readonly route: Route;
  readonly cause: Cause | undefined;
  readonly scope: HandlerScope | undefined;
  readonly replyTo: string | undefined;
  readonly onLeave: OnLeave | undefined;
  private ownData: unknown;
  private ownOptions: SendOptions;
  private isCopy = false;
  /** By step `validate`. */
  output: unknown = undefined;
  /** By step `stamp`. */
  envelope: Envelope = UNSTAMPED;
  /** By step `encode`. */
  wire: WireMessage = UNWRITTEN;

  constructor({ intent, route, data, options, cause, scope, replyTo, onLeave }: OutgoingRequest) {
    this.intent = intent;
    this.route = route;
    this.ownData = data;
    this.ownOptions = options;
    this.cause = cause;
    this.scope = scope;
    this.replyTo = replyTo;
    this.onLeave = onLeave;
  }

  get data(): unknown {
    return this.ownData;
  }

  get options(): SendOptions {
    return this.ownOptions;
  }

  /** Makes data and options those of this moment, whatever the sender does to them afterwards. */
  keepAsIs(): void {
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

const UNWRITTEN: WireMessage = Object.freeze({
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
