import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { PlainFormat } from "../../message/plain-format.ts";
import type { RecoveryPolicy } from "../../recovery/policy.ts";
import { readProgress, type Progress } from "../../recovery/progress.ts";
import type { Source } from "../../spi/destination.ts";
import type { Delivery } from "../../spi/settlement.ts";
import type { HandlerContext } from "../handler-context.ts";
import type { HandlerScope } from "./handler-scope.ts";

/** One handler of a service, with what is known when the bus is made. */
export interface BoundHandler {
  readonly contract: Contract;
  readonly policy: RecoveryPolicy;
  readonly handle: (data: unknown, context: HandlerContext) => unknown;
}

/** One source a service consumes, and what it does with what comes. */
export interface ConsumerPlan {
  readonly source: Source;
  readonly service: string;
  /** By message type. */
  readonly handlers: ReadonlyMap<string, BoundHandler>;
  /** What the largest of its contracts allows, body and headers together; absent where one of them allows anything. */
  readonly maxBytes: number | undefined;
  /** How to read what others write here without an envelope. */
  readonly plain: PlainConsumer | undefined;
  /** Types without a handler belong to others (an event destination that contracts share); elsewhere they are a mistake. */
  readonly skipsUnknown: boolean;
}

/** A destination of plain messages: they are all of one type. */
export interface PlainConsumer {
  readonly type: string;
  readonly source: string;
  readonly format: PlainFormat;
}

/** One message on its way in: the steps read it and fill in the rest. Not #private: that costs, twice a message. */
export class IncomingMessage {
  readonly consumer: ConsumerPlan;
  readonly delivery: Delivery;
  /** The validated data, by step `validate`. */
  data: unknown = undefined;
  private ownProgress: Progress | undefined = undefined;
  private ownEnvelope: Envelope | undefined = undefined;
  private ownHandler: BoundHandler | undefined = undefined;
  private ownScope: HandlerScope | undefined = undefined;

  constructor(consumer: ConsumerPlan, delivery: Delivery) {
    this.consumer = consumer;
    this.delivery = delivery;
  }

  /** How far its retries have come. */
  get progress(): Progress {
    return (this.ownProgress ??= readProgress(this.delivery.message.headers));
  }

  /** Whether the step `decode` could read it. */
  get isRead(): boolean {
    return this.ownEnvelope !== undefined;
  }

  /** By step `decode`. */
  get envelope(): Envelope {
    return this.ownEnvelope ?? early("decode");
  }
  set envelope(envelope: Envelope) {
    this.ownEnvelope = envelope;
  }

  /** By step `match`. */
  get handler(): BoundHandler {
    return this.ownHandler ?? early("match");
  }
  get handlerIfMatched(): BoundHandler | undefined {
    return this.ownHandler;
  }
  set handler(handler: BoundHandler) {
    this.ownHandler = handler;
  }

  /** By step `try`, anew for each try. */
  get scope(): HandlerScope {
    return this.ownScope ?? early("try");
  }
  set scope(scope: HandlerScope) {
    this.ownScope = scope;
  }
}

function early(step: string): never {
  throw new TypeError(`a step before ${step} asked for its result`);
}
