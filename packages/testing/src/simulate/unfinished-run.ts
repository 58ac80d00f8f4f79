import type { Deployment } from "../world/deployment.ts";
import type { RunParts } from "../world/parts.ts";
import type { Acts } from "./acts.ts";
import type { Violation } from "./violation.ts";

/** Returns the violation of a run that never ends, with its most frequent events. */
export function endlessRun({ agenda, history }: RunParts, mostSteps: number): Violation {
  const counts = new Map<string, number>();
  const late = history.events.filter(({ step }) => step > mostSteps / 2);
  for (const { who, what, message, note } of late) {
    const line = [who, what, message?.type ?? note].filter((word) => word !== undefined).join(" ");
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const busiest = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, 3);
  const text = busiest.map(([line, count]) => `${line} (${count} times)`).join(", ");
  return {
    name: "the run ends",
    what: `the application is still busy after ${mostSteps} steps; most frequent events: ${text === "" ? "timers only" : text}; pending events: ${agenda.size}`,
    cause: undefined,
  };
}

/** Returns the violation of a run with no event left and an unfinished handler or act: it waits for something real. */
export function unfinishedWork(acts: Acts, { instances: slots }: Deployment): Violation | undefined {
  for (const { name, process } of slots)
    for (const { delivery, service, isAnswered } of process.handlings)
      if (!isAnswered)
        return {
          name: "handlers finish",
          what: `the handler of ${delivery.message.type ?? "a message"} in ${service} (${name}) never returns: it awaits real input or output, or a promise that never settles`,
          cause: undefined,
        };
  const [act] = acts.unfinished;
  if (act === undefined) return undefined;
  return {
    name: "acts end",
    what: `the act "${act}" never ends: no event is left, and it awaits real input or output, or a promise that never settles`,
    cause: undefined,
  };
}
