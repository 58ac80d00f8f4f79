/** Runs a Waybill bus in an inversify container. */
export { Handles, On, type HandlerDecorator } from "./decorators.ts";
export { serviceOf } from "./service-of.ts";
export { busModule } from "./bus-module.ts";
export type { BusModuleOptions, ClassService } from "./options.ts";
export { BUS, CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";
