import {
  MessagingError,
  service,
  type Command,
  type HandlerContext,
  type Service,
  type ServiceOptions,
} from "@waybill/core";
import type { Newable } from "inversify";
import { marksOf } from "./marks.ts";

/** A service whose handlers are methods of classes. */
export interface ClassService {
  readonly name: string;
  readonly classes: readonly Newable[];
  readonly options: ServiceOptions;
}

/**
 * A service of all the methods of `classes` that {@link Handles} and {@link On} name.
 * @throws MessagingError `empty-service` for a class without any
 */
export function serviceOf(
  name: string,
  classes: readonly Newable[],
  options: ServiceOptions = {},
): ClassService {
  for (const type of classes)
    if (marksOf(type).length === 0)
      throw new MessagingError("empty-service", {
        what: `Class ${type.name} of service ${name} has no handlers.`,
        advice: "Decorate its methods with @Handles or @On, or leave it out.",
      });
  return { name, classes, options };
}

/** Makes the instance that handles a message. */
export type Resolve = (context: HandlerContext, type: Newable) => Promise<unknown>;

/** The service as core knows it. @throws MessagingError what core's `service` throws */
export function toService({ name, classes, options }: ClassService, resolve: Resolve): Service {
  let made = service(name, options);
  for (const type of classes)
    for (const { contract, method, options } of marksOf(type)) {
      const handle = async (data: unknown, context: HandlerContext): Promise<never> =>
        call(await resolve(context, type), method, [data, context]) as Promise<never>;
      made =
        contract.kind === "command"
          ? made.handle(contract as Command<Command["data"], undefined>, handle, options)
          : made.on(contract, handle, options);
    }
  return made;
}

/** What a handler is called in messages to people. */
export function describeHandlers({ name, classes }: ClassService): ReadonlyMap<Newable, string> {
  return new Map(
    classes.map((type) => {
      const handlers = marksOf(type).map(({ method, contract }) => `${String(method)} for ${contract.name}`);
      return [type, `${type.name} in service ${name} (${handlers.join(", ")})`];
    }),
  );
}

function call(instance: unknown, method: string | symbol, args: readonly unknown[]): unknown {
  const handler: unknown = Reflect.get(instance as object, method);
  if (typeof handler !== "function") throw new TypeError(`${String(method)} is not a method`);
  return Reflect.apply(handler, instance, args);
}
