import type { Bus, HandlerContext, Messenger } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";

/** The identifier of the bus of a container. Several buses in one container have identifiers of their own. */
export const BUS: ServiceIdentifier<Bus> = Symbol.for("@waybill/inversify/bus");

/**
 * The identifier of a messenger. For classes of a message it is the handler's context, so that their messages are stored
 * only if the handler succeeds; for all other classes it is the bus of {@link BUS}.
 */
export const MESSENGER: ServiceIdentifier<Messenger> = Symbol.for("@waybill/inversify/messenger");

/** The identifier of the handler's context, for classes of a message only. */
export const MESSAGE_CONTEXT: ServiceIdentifier<HandlerContext> = Symbol.for(
  "@waybill/inversify/message-context",
);

/** The identifier of the message's correlation id, for classes of a message only. */
export const CORRELATION_ID: ServiceIdentifier<string> = Symbol.for("@waybill/inversify/correlation-id");

/** The identifier of the message's own container, for middleware that binds something for this message. */
export const MESSAGE_CONTAINER: ServiceIdentifier<Container> = Symbol.for(
  "@waybill/inversify/message-container",
);

/** Returns the name of an identifier, for error texts. */
export function nameOf(id: ServiceIdentifier): string {
  if (typeof id === "function") return id.name;
  return typeof id === "symbol" ? (id.description ?? "a symbol") : id;
}
