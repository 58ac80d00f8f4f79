import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { PlainFormat } from "../../message/plain-format.ts";
import type { RecoveryPolicy } from "../../recovery/policy.ts";
import { readProgress, type Progress } from "../../recovery/progress.ts";
import type { Source } from "../../spi/destination.ts";
import type { Delivery, Settlement } from "../../spi/settlement.ts";
import type { Step } from "../compose.ts";
import type { HandlerContext } from "../handler-context.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { HandlerScope } from "./handler-scope.ts";

/** One handler of a service, with its recovery policy. */
export interface BoundHandler {
  readonly contract: Contract;
  readonly policy: RecoveryPolicy;
  readonly handle: (data: unknown, context: HandlerContext) => unknown;
}

/** One source that a service consumes, with the handlers of its messages. */
export interface ConsumerPlan {
  readonly source: Source;
  readonly service: string;
  /** By message type. */
  readonly handlers: ReadonlyMap<string, BoundHandler>;
  /** The largest `maxBytes` of its contracts, for body and headers together; undefined when one of them has no limit. */
  readonly maxBytes: number | undefined;
  /** How to read messages without an envelope; undefined where all messages have one. */
  readonly plain: PlainConsumer | undefined;
  /**
   * Whether messages without a handler are skipped, because contracts of other services may share the topic. Otherwise
   * they become dead letters.
   */
  readonly skipsUnknown: boolean;
}

/** A source of plain messages. All of them have one type. */
export interface PlainConsumer {
  readonly type: string;
  readonly source: string;
  readonly format: PlainFormat;
}

/** A step around a whole delivery. It returns the settlement of the message. */
export type IncomingStep = Step<IncomingMessage, MaybePromise<Settlement>>;
/** A step around one try of the handler. It succeeds or throws. */
export type TryStep = Step<IncomingMessage, MaybePromise<unknown>>;

/**
 * One message on its way in: the steps read it and add their results. Its fields are not #private, because private
 * fields cost time for each message.
 */
export class IncomingMessage {
  readonly consumer: ConsumerPlan;
  readonly delivery: Delivery;
  /** The validated data; step `validate` sets it. */
  data: unknown = undefined;
  private ownProgress: Progress | undefined = undefined;
  private ownEnvelope: Envelope | undefined = undefined;
  private ownHandler: BoundHandler | undefined = undefined;
  private ownScope: HandlerScope | undefined = undefined;

  constructor(consumer: ConsumerPlan, delivery: Delivery) {
    this.consumer = consumer;
    this.delivery = delivery;
  }

  /** The delayed retries that the message has had. */
  get progress(): Progress {
    return (this.ownProgress ??= readProgress(this.delivery.message.headers));
  }

  /** Whether step `decode` could read the message. */
  get isRead(): boolean {
    return this.ownEnvelope !== undefined;
  }

  /** Step `decode` sets it. */
  get envelope(): Envelope {
    return this.ownEnvelope ?? tooEarly("decode");
  }
  set envelope(envelope: Envelope) {
    this.ownEnvelope = envelope;
  }

  /** Step `match` sets it. */
  get handler(): BoundHandler {
    return this.ownHandler ?? tooEarly("match");
  }
  get handlerIfMatched(): BoundHandler | undefined {
    return this.ownHandler;
  }
  set handler(handler: BoundHandler) {
    this.ownHandler = handler;
  }

  /** Step `try` sets a new one for each try. */
  get scope(): HandlerScope {
    return this.ownScope ?? tooEarly("try");
  }
  set scope(scope: HandlerScope) {
    this.ownScope = scope;
  }
}

function tooEarly(step: string): never {
  throw new TypeError(`a step before ${step} needs the result of ${step}`);
}
