import { within, type Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Schema } from "../../message/schema.ts";
import { ambientScope } from "../../pipeline/incoming/ambient-scope.ts";
import type {
  Dispatcher,
  HandlerScope,
  RequestCall,
  SendCall,
} from "../../pipeline/incoming/handler-scope.ts";
import type { IncomingMessage } from "../../pipeline/incoming/incoming-message.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import type { SendOptions } from "../../pipeline/messenger.ts";
import {
  OutgoingMessage,
  type Cause,
  type OutgoingRequest,
} from "../../pipeline/outgoing/outgoing-message.ts";
import { REPLY_BY, replyBy } from "../../pipeline/incoming/reply-deadline.ts";
import {
  contractRoute,
  failureRoute,
  replyRoute,
  type FailureData,
  type Route,
} from "../../pipeline/route.ts";
import { checkSendOptions } from "../../pipeline/outgoing/send-options.ts";
import { copyOfOptions, snapshotOf } from "../../pipeline/outgoing/snapshot.ts";
import type { Requests } from "../request/requests.ts";

export interface DispatcherParts {
  /** The outgoing pipeline. */
  readonly run: (message: OutgoingMessage) => MaybePromise<Envelope>;
  /** The same without the application's middleware. */
  readonly runBare: (message: OutgoingMessage) => MaybePromise<Envelope>;
  readonly clock: Clock;
  /** How long a message may take to be stored. */
  readonly storeMs: number;
  readonly takesReplies: (address: string) => boolean;
  readonly requests: Requests;
  /** Throws when the bus takes no messages, from this handler or from outside. */
  readonly admit: (scope: HandlerScope | undefined) => void;
}

const NO_OPTIONS: SendOptions = Object.freeze({});

/** The sending side of a bus: finds out who sends, and sets messages on their way. */
export class MessageDispatcher implements Dispatcher {
  readonly #parts: DispatcherParts;
  /** Weak, for a contract may be made anew for each call. */
  readonly #routes = new WeakMap<Contract, Route>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  send({ intent, contract, data, options, scope }: SendCall): Promise<Envelope> {
    try {
      checkKind(contract, intent === "send" ? "command" : "event", intent);
      checkSendOptions(intent, contract.name, options);
      const sender = this.#senderOf(contract, scope);
      const { cause, holder } = sender;
      const route = this.#routeOf(contract);
      return this.#depart({
        intent,
        route,
        data,
        options: options ?? NO_OPTIONS,
        cause,
        scope: holder,
        replyTo: undefined,
        onLeave: undefined,
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  request({ contract, data, options, scope }: RequestCall): Promise<never> {
    try {
      checkKind(contract, "command", "request");
      if (contract.kind === "event" || contract.reply === undefined)
        throw wrongContract(`Command ${contract.name} has no reply.`, "Declare one, or use send.");
      checkSendOptions("request", contract.name, options);
      const { cause: sender, holder } = this.#senderOf(contract, scope);
      // It leaves at once. Asked again by a handler that is tried again, it must not be taken for the question before: that
      // one may have been answered already.
      const cause = sender && { ...sender, position: undefined };
      const route = this.#routeOf(contract);
      const { requests } = this.#parts;
      // What waits for the reply inbox leaves as it is now.
      const [sent, said] = requests.isOpen
        ? [data, options ?? NO_OPTIONS]
        : [snapshotOf(data), copyOfOptions(options ?? NO_OPTIONS)];
      return requests.request(
        { contract, options, isFromHandler: holder !== undefined },
        ({ replyTo, onLeave, timeoutMs }) =>
          this.#depart({
            intent: "request",
            route,
            data: sent,
            options: withDeadline(said, replyBy(this.#parts.clock.now(), timeoutMs)),
            cause,
            scope: undefined,
            replyTo,
            onLeave,
          }),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Answers a request from within its handler: the reply leaves with what the handler sent. */
  reply(message: IncomingMessage, data: unknown): MaybePromise<unknown> {
    const { envelope, scope } = message;
    const route = replyRoute(message.handler.contract, envelope.replyTo ?? "");
    return this.#parts.run(new OutgoingMessage(answer({ intent: "reply", route, data, message, scope })));
  }

  /**
   * Tells a requester that its command has failed for good. Best effort: it may have gone, and the dead letter must be
   * stored all the same. A middleware that throws or never ends does not keep the failure from its requester.
   */
  async tellRequester(message: IncomingMessage, data: FailureData): Promise<void> {
    const { run, runBare, clock, storeMs, takesReplies } = this.#parts;
    if (!takesReplies(message.envelope.replyTo ?? "")) return;
    const contract = message.handlerIfMatched?.contract ?? unhandled(message.envelope.type);
    const route = failureRoute(contract, message.envelope.replyTo ?? "");
    const failure = (): OutgoingMessage =>
      new OutgoingMessage(answer({ intent: "failure", route, data, message, scope: undefined }));
    let isTold = false;
    const telling = async (by: typeof run): Promise<void> => {
      await by(failure());
      isTold = true;
    };
    if (message.handlerIfMatched !== undefined) await within(clock, storeMs, telling(run));
    if (!isTold) await within(clock, storeMs, telling(runBare));
  }

  #depart(departure: OutgoingRequest): Promise<Envelope> {
    const sent = this.#parts.run(new OutgoingMessage(departure));
    return sent instanceof Promise ? sent : Promise.resolve(sent);
  }

  /**
   * The handler that sends, given or ambient. A finished one that is merely ambient (a timer or a pool started
   * inside it) sends nothing any more: its conversation goes on, but the message leaves at once and as a new one.
   */
  #senderOf(
    contract: Contract,
    given: HandlerScope | undefined,
  ): { cause: Cause | undefined; holder: HandlerScope | undefined } {
    const scope = given ?? ambientScope.current();
    const holder = scope?.belongsTo(this) === true && (scope.isOpen || scope === given) ? scope : undefined;
    this.#parts.admit(holder);
    if (scope === undefined) return { cause: undefined, holder };
    const position = scope.isOpen || scope === given ? scope.nextPosition(contract.name) : undefined;
    return { cause: { message: scope.message, service: scope.service, position }, holder };
  }

  #routeOf(contract: Contract): Route {
    let route = this.#routes.get(contract);
    if (route === undefined) this.#routes.set(contract, (route = contractRoute(contract)));
    return route;
  }
}

/** What stands for the contract of a command that nobody here handles. */
function unhandled(type: string): Contract {
  return {
    kind: "command",
    name: type,
    destination: type,
    data: ANYTHING,
    lanes: undefined,
    codec: undefined,
    mode: "structured",
    plain: undefined,
    maxBytes: undefined,
    reply: undefined,
    retainMs: undefined,
    keyOf: undefined,
  };
}

const ANYTHING: Schema = {
  "~standard": { version: 1, vendor: "waybill", validate: (value) => ({ value }) },
};

/** Tells the owner until when its answer is awaited. */
function withDeadline(options: SendOptions | undefined, deadline: string | undefined): SendOptions {
  if (deadline === undefined) return options ?? NO_OPTIONS;
  return { ...options, extensions: { ...options?.extensions, [REPLY_BY]: deadline } };
}

interface Answer extends Pick<OutgoingRequest, "intent" | "route" | "data" | "scope"> {
  readonly message: IncomingMessage;
}

function answer({ intent, route, data, message, scope }: Answer): OutgoingRequest {
  const cause = { message: message.envelope, service: message.consumer.service, position: intent };
  return { intent, route, data, options: NO_OPTIONS, cause, scope, replyTo: undefined, onLeave: undefined };
}

/** What the types already say, for callers without them. */
function checkKind(contract: Contract | undefined, kind: Contract["kind"], verb: string): void {
  if (contract?.kind === kind) return;
  const given =
    contract?.kind === undefined ? "something that is no contract" : `the ${contract.kind} ${contract.name}`;
  throw wrongContract(
    `${verb} was given ${given}.`,
    "send and request take a command, publish takes an event.",
  );
}

function wrongContract(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}
