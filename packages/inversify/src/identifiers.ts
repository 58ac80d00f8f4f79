import type { Bus, HandlerContext, Messenger } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";

/** The bus, where a container has one; several have identifiers of their own. */
export const BUS: ServiceIdentifier<Bus> = Symbol.for("@waybill/inversify/bus");

/**
 * Who sends: for what is made for a message, its context, so that what is sent leaves only if the handler succeeds;
 * for everything else the bus of {@link BUS}.
 */
export const MESSENGER: ServiceIdentifier<Messenger> = Symbol.for("@waybill/inversify/messenger");

/** What a handler knows besides its data; for what is made for a message only. */
export const MESSAGE_CONTEXT: ServiceIdentifier<HandlerContext> = Symbol.for(
  "@waybill/inversify/message-context",
);

/** The conversation that the message belongs to; for what is made for a message only. */
export const CORRELATION_ID: ServiceIdentifier<string> = Symbol.for("@waybill/inversify/correlation-id");

/** The message's own container, for middleware that binds something for the rest of the message. */
export const MESSAGE_CONTAINER: ServiceIdentifier<Container> = Symbol.for(
  "@waybill/inversify/message-container",
);

/** An identifier, as people know it. */
export function nameOf(id: ServiceIdentifier): string {
  if (typeof id === "function") return id.name;
  return typeof id === "symbol" ? (id.description ?? "a symbol") : id;
}
