import { MessagingError } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER, nameOf } from "./identifiers.ts";
import { bindUnbound, childOf, type ChildOptions } from "./message-containers.ts";

/** One identifier that a bus needs from the container. */
export interface Need {
  readonly id: ServiceIdentifier;
  /** The class or middleware that needs it, for error texts. */
  readonly by: string;
}

const OF_MESSAGE = [MESSAGE_CONTEXT, MESSENGER, CORRELATION_ID];
/** An identifier without a binding. Every plan includes it and therefore fails, so inversify creates nothing. */
const END = Symbol("the end of a plan");
const PLANNED = Symbol("planned");

/** The identifiers that a bus needs from its container, and from the containers of messages. */
export interface Needs {
  readonly ofBus: readonly Need[];
  readonly ofMiddleware: readonly Need[];
  readonly ofHandlers: readonly Need[];
  readonly children: ChildOptions | undefined;
  /** The identifiers that middleware binds for each message; undefined when the application does not list them. */
  readonly boundByMiddleware: readonly ServiceIdentifier[] | undefined;
  /** Warns about bindings that are missing unless middleware adds them. */
  readonly warn: (warning: string) => void;
}

/**
 * Lets inversify plan every identifier that a bus needs, without creating anything.
 * @throws MessagingError `binding-missing`, which names the missing bindings of each handler
 */
export function refuseMissing(container: Container, needs: Needs): void {
  const { ofBus, ofMiddleware, ofHandlers, boundByMiddleware, warn } = needs;
  const outside = childOf(container, {});
  const inside = probeOf(container, needs, [MESSAGE_CONTAINER, ...OF_MESSAGE, ...(boundByMiddleware ?? [])]);
  const ofHandler = ofHandlers.flatMap((need) => problemOf(inside, need));
  const mayBind = boundByMiddleware === undefined && asksForContainer(container, needs);
  const problems = [
    ...ofBus.flatMap((need) => problemOf(outside, need)),
    ...(mayBind ? [] : ofHandler),
    ...ofMiddleware.flatMap((need) => problemOf(inside, need)),
  ];
  if (problems.length > 0)
    throw new MessagingError("binding-missing", {
      what: `The container cannot create ${problems.length === 1 ? "a dependency" : `${problems.length} dependencies`} of the bus: ${problems.join("; ")}.`,
      advice:
        "Add the missing bindings before the bus starts, or list the identifiers that middleware binds for each message in boundByMiddleware.",
    });
  if (ofHandler.length > 0)
    warn(
      `Handlers fail unless middleware adds their missing bindings: ${ofHandler.join("; ")}. List the identifiers that it binds in boundByMiddleware.`,
    );
}

/** Returns a container with the bindings of a message's container, and one for each of `ids`. */
function probeOf(
  container: Container,
  { children = {}, ofHandlers, ofMiddleware }: Needs,
  ids: readonly ServiceIdentifier[],
): Container {
  const probe = childOf(container, children);
  for (const id of ids) probe.bind<unknown>(id).toConstantValue(undefined);
  for (const { id } of [...ofHandlers, ...ofMiddleware]) bindUnbound(probe, id);
  return probe;
}

/** Returns whether a middleware depends on the container of a message, in which it may bind anything. */
function asksForContainer(container: Container, needs: Needs): boolean {
  const probe = probeOf(container, needs, OF_MESSAGE);
  return needs.ofMiddleware.some((need) =>
    problemOf(probe, need).some((problem) => problem.includes(nameOf(MESSAGE_CONTAINER))),
  );
}

function problemOf(probe: Container, { id, by }: Need): readonly string[] {
  probe.bind(PLANNED).toResolvedValue((...planned: unknown[]) => planned, [id, END]);
  try {
    probe.get(PLANNED);
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.includes(String(END)) ? [] : [`${by}: ${sentenceOf(text)}`];
  } finally {
    probe.unbind(PLANNED);
  }
}

/** Returns the first sentences of inversify's error text, with the missing identifier and its dependents. */
function sentenceOf(text: string): string {
  const [what = text, forWhom] = text.split("\n\n");
  const sentence = forWhom?.startsWith("Trying to resolve") === true ? `${what} ${forWhom}` : what;
  return sentence.replaceAll("\n", " ").replace(/\.$/, "");
}
