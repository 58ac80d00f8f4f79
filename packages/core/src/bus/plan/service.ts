import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Command, Contract, Event } from "../../message/contract.ts";
import { checkName } from "../../message/name.ts";
import type { InputOf, OutputOf, Schema } from "../../message/schema.ts";
import type { HandlerContext } from "../../pipeline/handler-context.ts";
import { checkRecovery, type RecoveryOptions } from "../../recovery/policy.ts";

/** What a handler of a command returns: the reply where the contract has one, else nothing. */
export type ReplyTo<Reply extends Schema | undefined> = Reply extends Schema ? InputOf<Reply> : void;

/** Acts on a command. Called concurrently for different keys; at least once per message. */
export type CommandHandler<Data extends Schema, Reply extends Schema | undefined> = (
  data: OutputOf<Data>,
  context: HandlerContext,
) => Promise<ReplyTo<Reply>> | ReplyTo<Reply>;

/** Reacts to an event. Called concurrently for different keys; at least once per message. */
export type EventHandler<Data extends Schema> = (
  data: OutputOf<Data>,
  context: HandlerContext,
) => Promise<void> | void;

export interface HandlerOptions {
  /** Overrides the service's. */
  readonly recovery?: RecoveryOptions;
}

export interface SubscriptionOptions extends HandlerOptions {
  /** Where a group that is new to the broker starts: with what comes from now on (default), or with all that is retained. */
  readonly from?: "latest" | "earliest";
}

export interface ServiceOptions {
  /** How many messages of one source are handled at a time. Default: the bus's `concurrency`. */
  readonly concurrency?: number;
  /** Overrides the bus's. */
  readonly recovery?: RecoveryOptions;
}

/** One handler, as declared. */
export interface HandlerDeclaration {
  readonly contract: Contract;
  readonly handle: (data: never, context: HandlerContext) => unknown;
  readonly options: SubscriptionOptions;
}

/** A named set of handlers: the owner of its commands, one durable group on each of its events. Never changed: each call gives a new one. */
export interface Service {
  readonly name: string;
  readonly options: ServiceOptions;
  readonly handlers: readonly HandlerDeclaration[];
  /** Owns a command. @throws MessagingError `duplicate-handler`, `invalid-contract`, `invalid-option` */
  handle<Data extends Schema, Reply extends Schema | undefined>(
    contract: Command<Data, Reply>,
    handler: CommandHandler<Data, Reply>,
    options?: HandlerOptions,
  ): Service;
  /** Subscribes to an event. @throws MessagingError `duplicate-handler`, `invalid-contract`, `invalid-option`, `history-not-retained` */
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
 * Declares a service; its name is that of its consumer groups and dead letters.
 * @throws MessagingError `invalid-name`, `invalid-option`
 */
export function service(name: string, options: ServiceOptions = {}): Service {
  checkName(name, "a service");
  checkOptions(`service ${name}`, options, SERVICE_KINDS);
  checkRecovery(`recovery of service ${name}`, options.recovery);
  return serviceOf(name, options, []);
}

function serviceOf(name: string, options: ServiceOptions, handlers: readonly HandlerDeclaration[]): Service {
  const add = (declaration: HandlerDeclaration): Service => {
    const { contract } = declaration;
    if (handlers.some((other) => other.contract.name === contract.name)) throw duplicate(name, contract);
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

/** A service is known by what it has: it may come from another copy of core. @throws MessagingError `invalid-option` */
export function checkServices(given: readonly unknown[]): void {
  for (const [at, each] of given.entries()) {
    const { name, handlers, options } = Object(each) as Partial<Service>;
    if (typeof name === "string" && Array.isArray(handlers) && typeof options === "object") continue;
    throw new MessagingError("invalid-option", {
      what: `services[${at}] is no service.`,
      advice:
        "Give what service() made. A service of classes belongs to the busModule of @waybill/inversify.",
    });
  }
}

/** What the types already say, for callers without them; and what they cannot say. */
function checked(
  kind: Contract["kind"],
  declaration: HandlerDeclaration,
  service: string,
): HandlerDeclaration {
  const { contract, handle, options } = declaration;
  if (contract?.kind !== kind)
    throw invalid(
      `Service ${service} was given ${contract?.name ?? typeof contract} as ${kind === "command" ? "a command to handle" : "an event to react to"}.`,
      "Use handle for what command() made, on for what event() made.",
    );
  if (typeof handle !== "function")
    throw invalid(
      `The handler of ${contract.name} in service ${service} is not a function.`,
      "Give a function of the data and the context.",
    );
  const owner = `the handler of ${contract.name} in service ${service}`;
  checkOptions(owner, options, HANDLER_KINDS[kind]);
  checkRecovery(`recovery of ${owner}`, options.recovery);
  if (options.from === "earliest" && contract.retainMs === undefined)
    throw new MessagingError("history-not-retained", {
      what: `Service ${service} wants the history of ${contract.name}, which retains none.`,
      advice: "Declare the event with retain, such as retain: '30d', or leave from out.",
    });
  return declaration;
}

function duplicate(service: string, { kind, name }: Contract): MessagingError {
  return new MessagingError("duplicate-handler", {
    what: `Service ${service} has two handlers for ${kind} ${name}.`,
    advice: "Keep one: two reactions to one event belong into two services, each with its own group.",
  });
}

function invalid(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}
