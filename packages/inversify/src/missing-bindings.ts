import { MessagingError } from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";
import { CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";
import { bindUnbound, childOf, type ChildOptions } from "./message-containers.ts";

/** Something that a bus will ask the container for. */
export interface Need {
  readonly id: ServiceIdentifier;
  /** Who needs it, for people. */
  readonly by: string;
}

/** Never bound: planning always ends at it, so that nothing is made. */
const END = Symbol("the end of a plan");
const PLANNED = Symbol("planned");

/** What the bus's own container is asked for, and what the containers of messages are. */
export interface Needs {
  readonly ofBus: readonly Need[];
  readonly ofMessages: readonly Need[];
}

/**
 * Plans what a bus will ask for, as inversify would make it, and makes nothing.
 * @throws MessagingError `binding-missing`, naming for each handler what it lacks
 */
export function refuseMissing(
  container: Container,
  { ofBus, ofMessages }: Needs,
  options: ChildOptions = {},
): void {
  const outside = childOf(container, {});
  const inside = childOf(container, options);
  for (const id of [MESSAGE_CONTEXT, MESSENGER, CORRELATION_ID, MESSAGE_CONTAINER])
    inside.bind<unknown>(id).toConstantValue(undefined);
  for (const { id } of ofMessages) bindUnbound(inside, id);
  const problems = [
    ...ofBus.flatMap((need) => problemOf(outside, need)),
    ...ofMessages.flatMap((need) => problemOf(inside, need)),
  ];
  if (problems.length === 0) return;
  throw new MessagingError("binding-missing", {
    what: `The container cannot make ${problems.length} of what the bus needs: ${problems.join("; ")}.`,
    advice: "Bind what is missing before the bus is started.",
  });
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
