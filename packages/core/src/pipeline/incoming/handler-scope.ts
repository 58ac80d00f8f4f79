import { MessagingError } from "../../environment/messaging-error.ts";
import { quietly } from "../../environment/quietly.ts";
import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Progress } from "../../recovery/progress.ts";
import type { Delivery } from "../../spi/settlement.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { HandlerContext } from "../handler-context.ts";
import type { Messenger, RequestOptions, SendOptions } from "../messenger.ts";

/** One call of a verb, inside a handler or outside. */
export interface SendCall {
  readonly intent: "send" | "publish";
  readonly contract: Contract;
  readonly data: unknown;
  readonly options: SendOptions | undefined;
  readonly scope: HandlerScope | undefined;
}

export interface RequestCall extends Omit<SendCall, "intent" | "options"> {
  readonly options: RequestOptions | undefined;
}

/** What carries the calls out: the bus. */
export interface Dispatcher {
  send(call: SendCall): Promise<Envelope>;
  /** Resolves with the reply as its contract's schema gave it: the verbs type it by the contract. */
  request(call: RequestCall): Promise<never>;
}

/** The part of an incoming message that a handler may see. */
export interface Received {
  readonly envelope: Envelope;
  readonly handler: { readonly contract: Contract };
  readonly consumer: { readonly service: string };
  readonly delivery: Delivery;
  readonly progress: Progress;
}

const NOTHING_HELD: readonly WireMessage[] = [];

/** One try of a handler: what it knows, and what it has sent so far. Its outgoing messages leave together, or not at all. */
export class HandlerScope implements HandlerContext {
  private readonly incoming: Received;
  private readonly dispatcher: Dispatcher;
  private held: WireMessage[] | undefined = undefined;
  private positions = 0;
  private isUnfinished = true;
  private isSignalUsed = false;
  private listeners: (() => void)[] | undefined = undefined;

  constructor(incoming: Received, dispatcher: Dispatcher) {
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

  /** Whether the handler was told to give up: only a handler that asked can have been. */
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

  get isOpen(): boolean {
    return this.isUnfinished;
  }

  /** Whether a bus is the one whose handler this is. */
  belongsTo(dispatcher: Dispatcher): boolean {
    return this.dispatcher === dispatcher;
  }

  /**
   * The place of the next outgoing message among those of this try: what its id is derived from.
   * @throws MessagingError `handler-finished`
   */
  nextPosition(type: string): number {
    if (this.isUnfinished) return this.positions++;
    throw this.#finished(type);
  }

  /** @throws MessagingError `handler-finished`, when the handler did not wait for it */
  hold(message: WireMessage): void {
    if (!this.isUnfinished) throw this.#finished(message.type ?? message.id);
    (this.held ??= []).push(message);
  }

  /** Ends the try and hands over what it sent. */
  close(): readonly WireMessage[] {
    this.isUnfinished = false;
    return this.held ?? NOTHING_HELD;
  }

  /** Tells who wants to know that the try is over. */
  finish(): void {
    if (this.listeners === undefined) return;
    for (const listener of this.listeners) quietly(listener);
  }

  #finished(type: string): MessagingError {
    return new MessagingError("handler-finished", {
      what: `A message of type ${type} was sent after the handler of ${this.message.type} ${this.message.id} had finished.`,
      advice:
        "Await every send and publish inside the handler; work that outlives it belongs into a message of its own.",
      messageId: this.message.id,
    });
  }
}
