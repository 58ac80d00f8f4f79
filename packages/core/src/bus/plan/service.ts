import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Command, Contract, Event } from "../../message/contract.ts";
import { checkName } from "../../message/name.ts";
import type { InputOf, OutputOf, Schema } from "../../message/schema.ts";
import type { HandlerContext } from "../../pipeline/handler-context.ts";
import { checkRecovery, type RecoveryOptions } from "../../recovery/policy.ts";

/** The result of a command handler: the reply where the contract declares one, else nothing. */
export type ReplyTo<Reply extends Schema | undefined> = Reply extends Schema ? InputOf<Reply> : void;

/** Handles a command. Called at least once for each message, concurrently for different keys. */
export type CommandHandler<Data extends Schema, Reply extends Schema | undefined> = (
  data: OutputOf<Data>,
  context: HandlerContext,
) => Promise<ReplyTo<Reply>> | ReplyTo<Reply>;

/** Handles an event. Called at least once for each message, concurrently for different keys. */
export type EventHandler<Data extends Schema> = (
  data: OutputOf<Data>,
  context: HandlerContext,
) => Promise<void> | void;

export interface HandlerOptions {
  /** Overrides the recovery options of the service. */
  readonly recovery?: RecoveryOptions;
}

export interface SubscriptionOptions extends HandlerOptions {
  /** Where a new group starts: with the messages from now on (default), or with all messages that the topic retains. */
  readonly from?: "latest" | "earliest";
}

export interface ServiceOptions {
  /** How many messages of one source are handled at a time. Default: `concurrency` of the bus. */
  readonly concurrency?: number;
  /** Overrides the recovery options of the bus. */
  readonly recovery?: RecoveryOptions;
}

/** One declared handler. */
export interface HandlerDeclaration {
  readonly contract: Contract;
  readonly handle: (data: never, context: HandlerContext) => unknown;
  readonly options: SubscriptionOptions;
}

/**
 * A named set of handlers: it owns its commands and has one durable group on the topic of each of its events. It is
 * immutable: each call returns a new service.
 */
export interface Service {
  readonly name: string;
  readonly options: ServiceOptions;
  readonly handlers: readonly HandlerDeclaration[];
  /** Adds the handler of a command, which the service then owns. @throws MessagingError `duplicate-handler`, `invalid-contract`, `invalid-option` */
  handle<Data extends Schema, Reply extends Schema | undefined>(
    contract: Command<Data, Reply>,
    handler: CommandHandler<Data, Reply>,
    options?: HandlerOptions,
  ): Service;
  /** Adds the handler of an event, to which the service then subscribes. @throws MessagingError `duplicate-handler`, `invalid-contract`, `invalid-option`, `history-not-retained` */
  on<Data extends Schema>(
    contract: Event<Data>,
    handler: EventHandler<Data>,
    options?: SubscriptionOptions,
  ): Service;
}

const SERVICE_KINDS: OptionKinds<ServiceOptions> = { concurrency: "count", recovery: "any" };
const HANDLER_KINDS: Readonly<Record<Contract["kind"], OptionKinds<HandlerOptions>>> = {
  command: { recovery: "any" },
  event: { recovery: "any", from: ["latest", "earliest"] } as OptionKinds<SubscriptionOptions>,
};

/**
 * Declares a service. Its consumer groups and its dead letters have its name.
 * @throws MessagingError `invalid-name`, `invalid-option`
 */
export function service(name: string, options: ServiceOptions = {}): Service {
  checkName(name, "a service");
  checkOptions(`service ${name}`, options, SERVICE_KINDS);
  checkRecovery(` of service ${name}`, options.recovery);
  return serviceOf(name, options, []);
}

function serviceOf(name: string, options: ServiceOptions, handlers: readonly HandlerDeclaration[]): Service {
  const add = (declaration: HandlerDeclaration): Service => {
    const { contract } = declaration;
    if (handlers.some((other) => other.contract.name === contract.name))
      throw duplicateHandler(name, contract);
    return serviceOf(name, options, [...handlers, declaration]);
  };
  return Object.freeze({
    name,
    options,
    handlers,
    handle: (contract, handler, handlerOptions = {}) =>
      add(checked("command", { contract, handle: handler, options: handlerOptions }, name)),
    on: (contract, handler, handlerOptions = {}) =>
      add(checked("event", { contract, handle: handler, options: handlerOptions }, name)),
  } satisfies Service);
}

/** Checks the properties, not the class: another copy of core may have created the service. @throws MessagingError `invalid-option` */
export function checkServices(given: readonly unknown[]): void {
  for (const [at, each] of given.entries()) {
    const { name, handlers, options } = Object(each) as Partial<Service>;
    if (typeof name === "string" && Array.isArray(handlers) && typeof options === "object") continue;
    throw new MessagingError("invalid-option", {
      what: `The option services[${at}] is not a service.`,
      advice:
        "Give the result of service(). A service of classes is an option of busModule of @waybill/inversify.",
    });
  }
}

/** Checks a handler, also for JavaScript callers. @throws MessagingError `invalid-contract`, `invalid-option`, `history-not-retained` */
function checked(
  kind: Contract["kind"],
  declaration: HandlerDeclaration,
  service: string,
): HandlerDeclaration {
  const { contract, handle, options } = declaration;
  if (contract?.kind !== kind)
    throw invalidHandler(
      `Service ${service} was given ${contract?.name ?? typeof contract} as ${kind === "command" ? "a command to handle" : "an event to react to"}.`,
      "Use handle for the result of command(), on for the result of event().",
    );
  if (typeof handle !== "function")
    throw invalidHandler(
      `The handler of ${contract.name} in service ${service} is not a function.`,
      "Give a function that takes the data and the context.",
    );
  const owner = `the handler of ${contract.name} in service ${service}`;
  checkOptions(owner, options, HANDLER_KINDS[kind]);
  checkRecovery(` of ${owner}`, options.recovery);
  if (options.from === "earliest" && contract.retainMs === undefined)
    throw new MessagingError("history-not-retained", {
      what: `Service ${service} reads the history of ${contract.name}, whose contract retains none.`,
      advice: "Declare the event with retain, such as retain: '30d', or leave the option from out.",
    });
  return declaration;
}

function duplicateHandler(service: string, { kind, name }: Contract): MessagingError {
  return new MessagingError("duplicate-handler", {
    what: `Service ${service} has two handlers for ${kind} ${name}.`,
    advice: "Keep one: put two reactions to one event into two services, each with its own group.",
  });
}

function invalidHandler(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}
