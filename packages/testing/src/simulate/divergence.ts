import { timelineOf } from "../story/timeline.ts";
import type { Outcome } from "./run-schedule.ts";

/** Returns the first difference between two runs of one schedule, in words; nothing when the runs are equal. */
export function divergence(first: Outcome, second: Outcome): string | undefined {
  const [one, other] = [linesOf(first), linesOf(second)];
  const at = one.findIndex((line, index) => line !== other[index]);
  if (at < 0 && one.length === other.length) return undefined;
  const place = at < 0 ? one.length : at;
  return `line ${place + 1} was "${one[place] ?? "nothing"}" the first time and "${other[place] ?? "nothing"}" the second time`;
}

function linesOf({ history }: Outcome): readonly string[] {
  return timelineOf(history).map(({ step, at, who, text }) => `step ${step}, ${at} ms: ${who} ${text}`);
}
