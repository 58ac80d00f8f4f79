import { withDeadline, type Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Schema } from "../../message/schema.ts";
import {
  ambientScope,
  type Dispatcher,
  type HandlerScope,
  type RequestCall,
  type SendCall,
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
  /** Runs the outgoing pipeline. */
  readonly run: (message: OutgoingMessage) => MaybePromise<Envelope>;
  /** Runs the outgoing pipeline without the application's middleware. */
  readonly runWithoutMiddleware: (message: OutgoingMessage) => MaybePromise<Envelope>;
  readonly clock: Clock;
  /** How long a message may take to be stored, in milliseconds. */
  readonly storeMs: number;
  readonly takesReplies: (address: string) => boolean;
  readonly requests: Requests;
  /** Throws when the bus accepts no messages, from this handler or from outside of handlers. */
  readonly admit: (scope: HandlerScope | undefined) => void;
}

const NO_OPTIONS: SendOptions = Object.freeze({});

/** The sending side of a bus: it finds the handler that a call comes from and runs the outgoing pipeline. */
export class MessageDispatcher implements Dispatcher {
  readonly #parts: DispatcherParts;
  /** Weak, because an application may create a new contract object for each call. */
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
      return this.#dispatch({
        intent,
        route,
        data,
        options: options ?? NO_OPTIONS,
        cause,
        scope: holder,
        replyTo: undefined,
        beforeStore: undefined,
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  request({ contract, data, options, scope }: RequestCall): Promise<never> {
    try {
      checkKind(contract, "command", "request");
      if (contract.kind === "event" || contract.reply === undefined)
        throw wrongContract(
          `request was given command ${contract.name}, whose contract declares no reply.`,
          "Declare a reply, or use send.",
        );
      checkSendOptions("request", contract.name, options);
      const { cause: sender, holder } = this.#senderOf(contract, scope);
      // A request is sent at once, with a new id on each try of its handler: the owner may have replied to the earlier one.
      const cause = sender && { ...sender, position: undefined };
      const route = this.#routeOf(contract);
      const { requests } = this.#parts;
      // A request that waits for the reply inbox is sent with the data of this moment.
      const [sentData, sentOptions] = requests.isOpen
        ? [data, options ?? NO_OPTIONS]
        : [snapshotOf(data), copyOfOptions(options ?? NO_OPTIONS)];
      return requests.request(
        { contract, options, isFromHandler: holder !== undefined },
        ({ replyTo, beforeStore, timeoutMs }) =>
          this.#dispatch({
            intent: "request",
            route,
            data: sentData,
            options: withReplyBy(sentOptions, replyBy(this.#parts.clock.now(), timeoutMs)),
            cause,
            scope: undefined,
            replyTo,
            beforeStore,
          }),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Replies to a request from its handler: the reply is stored together with the other messages of the handler. */
  reply(message: IncomingMessage, data: unknown): MaybePromise<unknown> {
    const { envelope, scope } = message;
    const route = replyRoute(message.handler.contract, envelope.replyTo ?? "");
    return this.#parts.run(new OutgoingMessage(answer({ intent: "reply", route, data, message, scope })));
  }

  /**
   * Sends the failure of a command to its requester. Best effort: the requester may be gone, and the dead letter must be
   * stored in any case. When a middleware throws or does not end, the failure is sent without middleware.
   */
  async sendFailureReply(message: IncomingMessage, data: FailureData): Promise<void> {
    const { run, runWithoutMiddleware, clock, storeMs, takesReplies } = this.#parts;
    if (!takesReplies(message.envelope.replyTo ?? "")) return;
    const contract = message.handlerIfMatched?.contract ?? unhandled(message.envelope.type);
    const route = failureRoute(contract, message.envelope.replyTo ?? "");
    const failure = (): OutgoingMessage =>
      new OutgoingMessage(answer({ intent: "failure", route, data, message, scope: undefined }));
    let isSent = false;
    const sendBy = async (by: typeof run): Promise<void> => {
      await by(failure());
      isSent = true;
    };
    if (message.handlerIfMatched !== undefined) await withDeadline(clock, clock.now() + storeMs, sendBy(run));
    if (!isSent) await withDeadline(clock, clock.now() + storeMs, sendBy(runWithoutMiddleware));
  }

  #dispatch(request: OutgoingRequest): Promise<Envelope> {
    const sent = this.#parts.run(new OutgoingMessage(request));
    return sent instanceof Promise ? sent : Promise.resolve(sent);
  }

  /**
   * Returns the handler that a call comes from: the given one, else the ambient one. A timer or a pool that a handler
   * started may still have that handler as its ambient one when it has finished. Its messages then keep the conversation,
   * but they are sent at once and with new ids.
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

/** Returns a contract for a command that no handler of the service handles. */
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

/** Returns options with the deadline of the requester, for the owner of the command. */
function withReplyBy(options: SendOptions | undefined, deadline: string | undefined): SendOptions {
  if (deadline === undefined) return options ?? NO_OPTIONS;
  return { ...options, extensions: { ...options?.extensions, [REPLY_BY]: deadline } };
}

interface Answer extends Pick<OutgoingRequest, "intent" | "route" | "data" | "scope"> {
  readonly message: IncomingMessage;
}

function answer({ intent, route, data, message, scope }: Answer): OutgoingRequest {
  const cause = { message: message.envelope, service: message.consumer.service, position: intent };
  return {
    intent,
    route,
    data,
    options: NO_OPTIONS,
    cause,
    scope,
    replyTo: undefined,
    beforeStore: undefined,
  };
}

/** Checks the kind of a contract, for JavaScript callers. */
function checkKind(contract: Contract | undefined, kind: Contract["kind"], verb: string): void {
  if (contract?.kind === kind) return;
  const given =
    contract?.kind === undefined ? "a value that is not a contract" : `the ${contract.kind} ${contract.name}`;
  throw wrongContract(
    `${verb} was given ${given}.`,
    "send and request take a command, publish takes an event.",
  );
}

function wrongContract(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}
