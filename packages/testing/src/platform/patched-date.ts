import { runningPort } from "../world/process.ts";

/** Returns a `Date` that gives simulated code the time of its run. Dates of given times stay as they are. */
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

/** Returns the time of the run under the rule `patch`; reports a violation under the rule `fail`. */
function presentOf(called: string): number | undefined {
  const port = runningPort();
  if (port?.rule === "patch") return port.now();
  if (port?.rule === "fail") port.reportViolation(called);
  return undefined;
}
