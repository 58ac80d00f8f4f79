import { service, type Command, type HandlerContext, type Service } from "@waybill/core";
import type { Newable } from "inversify";
import { marksOf } from "./marks.ts";
import type { ClassService } from "./options.ts";

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
