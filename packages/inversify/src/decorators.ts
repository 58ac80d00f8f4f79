import {
  MessagingError,
  type Command,
  type CommandHandler,
  type Contract,
  type Event,
  type EventHandler,
  type HandlerOptions,
  type Schema,
  type SubscriptionOptions,
} from "@waybill/core";
import { mark } from "./marks.ts";

/**
 * A decorator of methods that are assignable to `Method`: a method with another parameter or another reply does not
 * compile. It works as a standard decorator (TypeScript 5, no option) and as a legacy one (`experimentalDecorators`).
 */
export interface HandlerDecorator<Method extends (...args: never[]) => unknown> {
  (method: Method, context: ClassMethodDecoratorContext): void;
  <Given extends Method>(
    prototype: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<Given>,
  ): void;
}

/** Makes a method the handler of a command. */
export function Handles<Data extends Schema, Reply extends Schema | undefined>(
  command: Command<Data, Reply>,
  options: HandlerOptions = {},
): HandlerDecorator<CommandHandler<Data, Reply>> {
  return decorator(command, options);
}

/** Makes a method a handler of an event. */
export function On<Data extends Schema>(
  event: Event<Data>,
  options: SubscriptionOptions = {},
): HandlerDecorator<EventHandler<Data>> {
  return decorator(event, options);
}

function decorator(
  contract: Contract,
  options: SubscriptionOptions,
): (target: object, second: string | symbol | ClassMethodDecoratorContext) => void {
  return (target, second) => {
    if (typeof second === "object") markStandard(second, { contract, options });
    else if (typeof target === "function")
      throw invalidHandler(second, "it is static, and a handler needs an instance");
    else mark(target, { contract, options, method: second });
  };
}

function markStandard(
  context: ClassMethodDecoratorContext,
  { contract, options }: { readonly contract: Contract; readonly options: SubscriptionOptions },
): void {
  const { name, metadata } = context;
  if (context.static) throw invalidHandler(name, "it is static, and a handler needs an instance");
  if (context.private) throw invalidHandler(name, "it is private, and the bus cannot call it");
  if (metadata === undefined)
    throw invalidHandler(name, "it was compiled without decorator metadata; use TypeScript 5.2 or newer");
  mark(metadata, { contract, options, method: name });
}

function invalidHandler(method: string | symbol, why: string): MessagingError {
  return new MessagingError("invalid-option", {
    what: `Method ${String(method)} cannot be a handler: ${why}.`,
    advice: "Decorate a public method of a class.",
  });
}
