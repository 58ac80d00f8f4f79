import type { IncomingMiddleware, Middleware, OutgoingMiddleware } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";
import { nameOf } from "./identifiers.ts";
import type { MessageContainers } from "./message-containers.ts";
import type { Need } from "./missing-bindings.ts";
import type { ContainerMiddleware } from "./options.ts";

/** Returns middleware of core. Each identifier becomes a step that gets its middleware from the container. */
export function toMiddleware(
  { incoming = [], outgoing = [] }: ContainerMiddleware,
  container: Container,
  containers: MessageContainers,
): Middleware {
  return {
    incoming: [
      containers.step,
      ...incoming.map((given): IncomingMiddleware => {
        if (typeof given === "object") return given;
        const run: IncomingMiddleware["run"] = async (context, next) =>
          (await containers.resolve(context, given)).run(context, next);
        return { name: nameOf(given), run };
      }),
    ],
    outgoing: outgoing.map((given): OutgoingMiddleware => {
      if (typeof given === "object") return given;
      const run: OutgoingMiddleware["run"] = async (envelope, next, facts) =>
        (await container.getAsync(given)).run(envelope, next, facts);
      return { name: nameOf(given), run };
    }),
  };
}

/** Returns the identifiers that middleware needs from the container of a message and from the container of the bus. */
export function needsOfMiddleware({ incoming = [], outgoing = [] }: ContainerMiddleware): {
  readonly ofMessages: readonly Need[];
  readonly ofBus: readonly Need[];
} {
  const needs = (given: readonly (object | ServiceIdentifier)[], side: string): readonly Need[] =>
    given.filter(isIdentifier).map((id) => ({ id, by: `${side} middleware ${nameOf(id)}` }));
  return { ofMessages: needs(incoming, "incoming"), ofBus: needs(outgoing, "outgoing") };
}

function isIdentifier(given: object | ServiceIdentifier): given is ServiceIdentifier {
  return typeof given !== "object";
}
