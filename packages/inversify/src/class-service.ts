import { service, type Command, type HandlerContext, type Service } from "@waybill/core";
import type { Newable } from "inversify";
import { marksOf } from "./marks.ts";
import type { ClassService } from "./options.ts";

/** Returns the instance that handles a message. */
export type Resolve = (context: HandlerContext, type: Newable) => Promise<unknown>;

/** Returns a service of core whose handlers call the methods of the classes. @throws MessagingError the errors of core's `service` */
export function toService({ name, classes, options }: ClassService, resolve: Resolve): Service {
  let built = service(name, options);
  for (const type of classes)
    for (const { contract, method, options } of marksOf(type)) {
      const handle = async (data: unknown, context: HandlerContext): Promise<never> =>
        call(await resolve(context, type), method, [data, context]) as Promise<never>;
      built =
        contract.kind === "command"
          ? built.handle(contract as Command<Command["data"], undefined>, handle, options)
          : built.on(contract, handle, options);
    }
  return built;
}

/** Returns a description of each class for error texts. */
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
