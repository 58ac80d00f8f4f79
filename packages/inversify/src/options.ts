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
   * Creates a bus with these options in a child of `container`, or in an empty container; for functions that create buses,
   * such as `testBus`. @throws MessagingError the errors of `createBus`
   */
  createBus(options: BusModuleOptions, container?: Container): Promise<Bus>;
}

/** The options of {@link busModule}: those of `createBus`, with services and middleware from the container. */
export interface BusModuleOptions extends Omit<BusOptions, "services" | "middleware"> {
  /** Services of classes, which {@link serviceOf} creates, and services of functions. */
  readonly services?: readonly (ClassService | Service)[];
  readonly middleware?: ContainerMiddleware;
  /** The identifier of the bus. Default: {@link BUS}. Several buses in one container need different identifiers. */
  readonly id?: ServiceIdentifier<Bus>;
  /**
   * The identifiers that incoming middleware binds in the container of each message. `start` then refuses every other
   * missing binding of a handler. Without this list, `start` only warns of missing bindings of handlers when a middleware
   * depends on {@link MESSAGE_CONTAINER}.
   */
  readonly boundByMiddleware?: readonly ServiceIdentifier[];
  /**
   * Singletons that live as long as the bus, such as a pool of connections. `start` creates and activates them in this order
   * before the first message; `stop` unbinds and deactivates them in reverse order after the last one.
   */
  readonly residents?: readonly ServiceIdentifier[];
  /**
   * Options of the containers of messages, such as a default scope. With them each try has a container; without them only
   * a try that requests {@link MESSAGE_CONTAINER} has one.
   */
  readonly children?: ChildOptions;
}

/** The application's own steps: objects, or identifiers of objects that the container creates. */
export interface ContainerMiddleware {
  /** The container of the message creates them, once for each try. */
  readonly incoming?: readonly (IncomingMiddleware | ServiceIdentifier<Pick<IncomingMiddleware, "run">>)[];
  /** The container of the bus creates them, in the scope of their bindings. */
  readonly outgoing?: readonly (OutgoingMiddleware | ServiceIdentifier<Pick<OutgoingMiddleware, "run">>)[];
}
