import { MessagingError, type ServiceOptions } from "@waybill/core";
import { Container, type Newable } from "inversify";
import { busModule } from "./bus-module.ts";
import { BUS } from "./identifiers.ts";
import { marksOf } from "./marks.ts";
import type { ClassService } from "./options.ts";

/**
 * Returns a service of all methods of `classes` that {@link Handles} and {@link On} decorate.
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
        advice: "Decorate its methods with @Handles or @On, or leave the class out.",
      });
  return {
    name,
    classes,
    options,
    async createBus(busOptions, container) {
      const child = new Container(container === undefined ? {} : { parent: container });
      await child.loadAsync(busModule(child, busOptions));
      return child.get(BUS);
    },
  };
}
