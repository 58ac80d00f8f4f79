import { createBus, type Bus, type Service } from "@waybill/core";
import { ContainerModule, type Container } from "inversify";
import { describeHandlers, toService } from "./class-service.ts";
import { ContainerBus } from "./container-bus.ts";
import { BUS, MESSENGER, nameOf } from "./identifiers.ts";
import { MessageContainers } from "./message-containers.ts";
import { needsOfMiddleware, toMiddleware } from "./middleware.ts";
import { refuseMissing, type Need } from "./missing-bindings.ts";
import type { BusModuleOptions, ClassService } from "./options.ts";

/**
 * Returns a module that binds a bus and its services: `await container.loadAsync(busModule(container, …))`, then
 * `container.get(BUS)`. Unloading the module stops the bus. Each try of a message gets new handler instances, unless the
 * application has bound their class in another scope: a singleton must not depend on the bindings of a message.
 *
 * Loading throws the errors of `createBus`; `start` of the bus also throws MessagingError `binding-missing`.
 */
export function busModule(container: Container, options: BusModuleOptions): ContainerModule {
  return new ContainerModule(async ({ bind }) => {
    const { services = [], middleware = {}, id = BUS, residents = [], children, ...more } = options;
    const { boundByMiddleware, ...rest } = more;
    const containers = new MessageContainers(container, children);
    const bus = await createBus({
      ...rest,
      services: services.map((each) =>
        isOfClasses(each) ? toService(each, (context, type) => containers.resolve(context, type)) : each,
      ),
      middleware: toMiddleware(middleware, container, containers),
    });
    const { ofMessages, ofBus } = needsOfMiddleware(middleware);
    const lifecycle = {
      container,
      residents,
      refuseMissing: () =>
        refuseMissing(container, {
          ofHandlers: needsOfServices(services),
          ofMiddleware: ofMessages,
          ofBus: [...needsOf(residents), ...ofBus],
          children,
          boundByMiddleware,
          warn: rest.onWarning ?? warnOperator,
        }),
      containersDisposed: () => containers.idle(),
    };
    bind<Bus>(id)
      .toConstantValue(new ContainerBus(bus, lifecycle))
      .onDeactivation((stopping) => stopping.stop());
    if (id === BUS) bind(MESSENGER).toService(BUS);
  });
}

function warnOperator(warning: string): void {
  process.emitWarning(warning, { type: "WaybillWarning" });
}

function isOfClasses(given: ClassService | Service): given is ClassService {
  return "classes" in given;
}

function needsOfServices(services: readonly (ClassService | Service)[]): readonly Need[] {
  return services
    .filter(isOfClasses)
    .flatMap((each) => [...describeHandlers(each)].map(([id, by]): Need => ({ id, by })));
}

function needsOf(residents: BusModuleOptions["residents"] = []): readonly Need[] {
  return residents.map((id) => ({ id, by: `resident ${nameOf(id)}` }));
}
