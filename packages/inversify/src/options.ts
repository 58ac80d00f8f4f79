import type {
  Bus,
  BusOptions,
  IncomingMiddleware,
  OutgoingMiddleware,
  Service,
  ServiceOptions,
} from "@waybill/core";
import type { Container, Newable, ServiceIdentifier } from "inversify";
import type { ChildOptions } from "./message-containers.ts";

/** A service whose handlers are methods of classes. */
export interface ClassService {
  readonly name: string;
  readonly classes: readonly Newable[];
  readonly options: ServiceOptions;
  /**
   * For those that make buses, such as `testBus`: a bus of these options in a child of `container`, or in an empty
   * container. @throws MessagingError what `createBus` throws
   */
  createBus(options: BusModuleOptions, container?: Container): Promise<Bus>;
}

/** What {@link busModule} is told: what `createBus` is told, with services and middleware from the container. */
export interface BusModuleOptions extends Omit<BusOptions, "services" | "middleware"> {
  /** Services of classes, by {@link serviceOf}, and services of functions. */
  readonly services?: readonly (ClassService | Service)[];
  readonly middleware?: ContainerMiddleware;
  /** What the bus is bound to; give each its own where a container has several. Default {@link BUS}. */
  readonly id?: ServiceIdentifier<Bus>;
  /**
   * What incoming middleware binds in the container of each message. `start` then knows that handlers have it, and refuses
   * what else is missing. Without this list, and with middleware that asks for {@link MESSAGE_CONTAINER}, `start` warns of
   * what handlers lack instead of refusing it.
   */
  readonly boundByMiddleware?: readonly ServiceIdentifier[];
  /**
   * What lives as long as the bus does, such as a pool of connections: made, and so activated, by `start` before the
   * first message, in this order; unbound, and so deactivated, by `stop` after the last, in reverse. Bind them as singletons.
   */
  readonly residents?: readonly ServiceIdentifier[];
  /** For the containers of messages, such as a default scope. Given, each try has one; else only who asks for it by {@link MESSAGE_CONTAINER}. */
  readonly children?: ChildOptions;
}

/** The application's own steps: as they are, or identifiers of what the container makes. */
export interface ContainerMiddleware {
  /** Made in the message's container, once for each try. */
  readonly incoming?: readonly (IncomingMiddleware | ServiceIdentifier<Pick<IncomingMiddleware, "run">>)[];
  /** Asked of the bus's container for each message that leaves. */
  readonly outgoing?: readonly (OutgoingMiddleware | ServiceIdentifier<Pick<OutgoingMiddleware, "run">>)[];
}
