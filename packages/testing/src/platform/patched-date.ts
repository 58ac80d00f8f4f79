import { runningPort } from "../world/process.ts";

/** A `Date` whose present is the run's, for simulated code. Dates of given times are what they were. */
export function patchedDate(original: DateConstructor): DateConstructor {
  return new Proxy(original, {
    construct(target, call: unknown[], newTarget) {
      const present = call.length === 0 ? presentOf("new Date()") : undefined;
      const built: unknown = Reflect.construct(target, present === undefined ? call : [present], newTarget);
      return built as object;
    },
    apply(target, self, call: unknown[]) {
      const present = presentOf("Date()");
      if (present !== undefined) return new target(present).toString();
      const text: unknown = Reflect.apply(target, self, call);
      return text;
    },
    get(target, property, receiver) {
      if (property === "now") return now;
      const value: unknown = Reflect.get(target, property, receiver);
      return value;
    },
  });

  function now(): number {
    return presentOf("Date.now") ?? original.now();
  }
}

/** The run's present where it stands in for the platform's. */
function presentOf(called: string): number | undefined {
  const port = runningPort();
  if (port?.rule === "patch") return port.now();
  if (port?.rule === "fail") port.reportViolation(called);
  return undefined;
}
