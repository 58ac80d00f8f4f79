import { linesOf } from "./lines.ts";
import { timeText } from "./time-text.ts";
import type { TimelineEntry } from "./timeline.ts";

/** A long story shows its beginning and its end: the cause and the effect. */
const MOST_LINES = { beginning: 80, end: 80 } as const;

/** Returns a timeline as text for people: the time, the actor and the event of each line. */
export function storyOf(timeline: readonly TimelineEntry[]): readonly string[] {
  const all = linesOf(timeline);
  const { beginning, end } = MOST_LINES;
  const left = Math.max(0, all.length - beginning - end);
  const shown = left === 0 ? all : [...all.slice(0, beginning), ...all.slice(-end)];
  const width = Math.max(0, ...shown.map(({ who }) => who.length));
  const times = Math.max(0, ...shown.map(({ at }) => timeText(at).length));
  const lines = shown.map(
    ({ at, who, text }) => `${timeText(at).padStart(times)}  ${who.padEnd(width)}  ${text}`,
  );
  return left === 0
    ? lines
    : [...lines.slice(0, beginning), `(${left} lines omitted)`, ...lines.slice(beginning)];
}
