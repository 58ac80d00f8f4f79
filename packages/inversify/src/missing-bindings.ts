import { MessagingError } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER, nameOf } from "./identifiers.ts";
import { bindUnbound, childOf, type ChildOptions } from "./message-containers.ts";

/** Something that a bus will ask the container for. */
export interface Need {
  readonly id: ServiceIdentifier;
  /** Who needs it, for people. */
  readonly by: string;
}

const OF_MESSAGE = [MESSAGE_CONTEXT, MESSENGER, CORRELATION_ID];
/** Never bound: planning always ends at it, so that nothing is made. */
const END = Symbol("the end of a plan");
const PLANNED = Symbol("planned");

/** What the bus's own container is asked for, and what the containers of messages are. */
export interface Needs {
  readonly ofBus: readonly Need[];
  readonly ofMiddleware: readonly Need[];
  readonly ofHandlers: readonly Need[];
  readonly children: ChildOptions | undefined;
  /** What middleware binds for each message. Absent: nobody has said. */
  readonly boundByMiddleware: readonly ServiceIdentifier[] | undefined;
  /** Told of what is missing unless middleware binds it. */
  readonly warn: (notice: string) => void;
}

/**
 * Plans what a bus will ask for, as inversify would make it, and makes nothing.
 * @throws MessagingError `binding-missing`, naming for each handler what it lacks
 */
export function refuseMissing(container: Container, needs: Needs): void {
  const { ofBus, ofMiddleware, ofHandlers, boundByMiddleware, warn: tell } = needs;
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
      what: `The container cannot make ${problems.length} of what the bus needs: ${problems.join("; ")}.`,
      advice:
        "Bind what is missing before the bus is started, or name what middleware binds for each message in boundByMiddleware.",
    });
  if (ofHandler.length > 0)
    tell(
      `Handlers fail unless middleware binds what they lack: ${ofHandler.join("; ")}. Name what it binds in boundByMiddleware.`,
    );
}

/** A container as a message's will be, with something bound for each of `ids`. */
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

/** Whether some middleware has the container of a message, in which it may bind anything. */
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

/** The first sentences of inversify's text: what is missing, and for what. */
function sentenceOf(text: string): string {
  const [what = text, forWhom] = text.split("\n\n");
  const sentence = forWhom?.startsWith("Trying to resolve") === true ? `${what} ${forWhom}` : what;
  return sentence.replaceAll("\n", " ").replace(/\.$/, "");
}
