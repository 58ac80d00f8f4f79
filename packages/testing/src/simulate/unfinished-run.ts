import type { Deployment } from "../world/deployment.ts";
import type { RunParts } from "../world/parts.ts";
import type { Acts } from "./acts.ts";
import type { Violation } from "./violation.ts";

/** A run that never comes to rest: says what keeps it busy. */
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
    name: "comes to rest",
    what: `after ${mostSteps} steps it is still busy; lately: ${text === "" ? "timers only" : text}; ${agenda.size} events wait`,
    cause: undefined,
  };
}

/** Nothing can happen any more, and yet somebody waits: for something that is not in the simulation. */
export function unfinishedWork(acts: Acts, { instances: slots }: Deployment): Violation | undefined {
  for (const { name, process } of slots)
    for (const { delivery, service, isAnswered } of process.handlings)
      if (!isAnswered)
        return {
          name: "handlers finish",
          what: `the handler of ${delivery.message.type ?? "a message"} in ${service} (${name}) never ends: it awaits something outside of the simulation, or something that never comes`,
          cause: undefined,
        };
  const [act] = acts.unfinished;
  if (act === undefined) return undefined;
  return { name: "acts end", what: `${act} never ends, although nothing more can happen`, cause: undefined };
}
