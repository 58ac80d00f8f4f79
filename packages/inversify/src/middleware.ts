import type { IncomingMiddleware, Middleware, OutgoingMiddleware } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";
import { nameOf } from "./identifiers.ts";
import type { MessageContainers } from "./message-containers.ts";
import type { Need } from "./missing-bindings.ts";
import type { ContainerMiddleware } from "./options.ts";

/** Middleware as core knows it; each identifier becomes a step that asks the container. */
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

/** What the container will be asked for, in a message's container and in the bus's own. */
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
