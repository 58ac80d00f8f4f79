import { MessagingError } from "../../environment/messaging-error.ts";
import { quietly } from "../../environment/quietly.ts";
import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Progress } from "../../recovery/progress.ts";
import { createAmbient, type Ambient } from "../../runtime/ambient.ts";
import type { Delivery } from "../../spi/settlement.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { HandlerContext } from "../handler-context.ts";
import type { Messenger, RequestOptions, SendOptions } from "../messenger.ts";

/** One call of `send` or `publish`. */
export interface SendCall {
  readonly intent: "send" | "publish";
  readonly contract: Contract;
  readonly data: unknown;
  readonly options: SendOptions | undefined;
  /** The handler whose context was called; undefined for a call on the bus. */
  readonly scope: HandlerScope | undefined;
}

export interface RequestCall extends Omit<SendCall, "intent" | "options"> {
  readonly options: RequestOptions | undefined;
}

/** Carries out the calls of a bus and of its handlers. */
export interface Dispatcher {
  send(call: SendCall): Promise<Envelope>;
  /** Resolves with the validated data of the reply. The contract of the call gives its type. */
  request(call: RequestCall): Promise<never>;
}

/** The part of an incoming message that a handler may see. */
export interface HandledMessage {
  readonly envelope: Envelope;
  readonly handler: { readonly contract: Contract };
  readonly consumer: { readonly service: string };
  readonly delivery: Delivery;
  readonly progress: Progress;
}

const NO_MESSAGES: readonly WireMessage[] = [];

/** The context of one try of a handler. It holds the outgoing messages of the try, which are stored together or not at all. */
export class HandlerScope implements HandlerContext {
  private readonly incoming: HandledMessage;
  private readonly dispatcher: Dispatcher;
  private held: WireMessage[] | undefined = undefined;
  private positions = 0;
  private isUnfinished = true;
  private isSignalUsed = false;
  private listeners: (() => void)[] | undefined = undefined;

  constructor(incoming: HandledMessage, dispatcher: Dispatcher) {
    this.incoming = incoming;
    this.dispatcher = dispatcher;
  }

  get message(): Envelope {
    return this.incoming.envelope;
  }

  get contract(): Contract {
    return this.incoming.handler.contract;
  }

  get service(): string {
    return this.incoming.consumer.service;
  }

  get attempt(): number {
    return this.incoming.progress.rounds + 1;
  }

  get signal(): AbortSignal {
    this.isSignalUsed = true;
    return this.incoming.delivery.signal;
  }

  /** Whether the handler has seen its signal abort. A handler that never read the signal has not. */
  get isAborted(): boolean {
    return this.isSignalUsed && this.incoming.delivery.signal.aborted;
  }

  // Getters, so that `({ publish }) => publish(...)` works without three closures per message.
  get send(): Messenger["send"] {
    return (contract, data, options) =>
      this.dispatcher.send({ intent: "send", contract, data, options, scope: this });
  }
  get publish(): Messenger["publish"] {
    return (contract, data, options) =>
      this.dispatcher.send({ intent: "publish", contract, data, options, scope: this });
  }
  get request(): Messenger["request"] {
    return (contract, data, options) => this.dispatcher.request({ contract, data, options, scope: this });
  }

  get onFinished(): HandlerContext["onFinished"] {
    return (listener) => void (this.listeners ??= []).push(listener);
  }

  /** Whether the try has not finished. */
  get isOpen(): boolean {
    return this.isUnfinished;
  }

  /** Whether the handler belongs to the bus of this dispatcher. */
  belongsTo(dispatcher: Dispatcher): boolean {
    return this.dispatcher === dispatcher;
  }

  /**
   * Returns the position of the next outgoing message in this try. The id of the message is derived from it.
   * @throws MessagingError `handler-finished`
   */
  nextPosition(type: string): number {
    if (this.isUnfinished) return this.positions++;
    throw this.#finished(type);
  }

  /** Holds a message until the handler succeeds. @throws MessagingError `handler-finished` when the handler did not await it */
  hold(message: WireMessage): void {
    if (!this.isUnfinished) throw this.#finished(message.type ?? message.id);
    (this.held ??= []).push(message);
  }

  /** Ends the try and returns its outgoing messages. */
  close(): readonly WireMessage[] {
    this.isUnfinished = false;
    return this.held ?? NO_MESSAGES;
  }

  /** Calls the listeners of `onFinished`. */
  finish(): void {
    if (this.listeners === undefined) return;
    for (const listener of this.listeners) quietly(listener);
  }

  #finished(type: string): MessagingError {
    return new MessagingError("handler-finished", {
      what: `A message of type ${type} was sent after the handler of ${this.message.type} ${this.message.id} had finished.`,
      advice:
        "Await every send and publish inside the handler; send work that takes longer than the handler as a message of its own.",
      messageId: this.message.id,
    });
  }
}

/**
 * The running handler, for calls on the bus from inside it. All buses of the process share it, also those of another
 * copy of core: the number in its name changes when the shape of {@link HandlerScope} changes.
 */
export const ambientScope: Ambient<HandlerScope> = createAmbient(Symbol.for("waybill.handler-scope.1"));
