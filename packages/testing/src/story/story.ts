import { linesOf } from "./lines.ts";
import { timeText } from "./time-text.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Of a long story its beginning tells how it came to be, its end what became of it. */
const MOST_LINES = { beginning: 80, end: 80 } as const;

/** A timeline for people: who did what to which message, when, and where the fault struck. */
export function storyOf(timeline: readonly TimelineEntry[]): readonly string[] {
  const told = linesOf(timeline);
  const { beginning, end } = MOST_LINES;
  const left = Math.max(0, told.length - beginning - end);
  const shown = left === 0 ? told : [...told.slice(0, beginning), ...told.slice(-end)];
  const width = Math.max(0, ...shown.map(({ who }) => who.length));
  const times = Math.max(0, ...shown.map(({ at }) => timeText(at).length));
  const lines = shown.map(
    ({ at, who, text }) => `${timeText(at).padStart(times)}  ${who.padEnd(width)}  ${text}`,
  );
  return left === 0
    ? lines
    : [...lines.slice(0, beginning), `(${left} lines between)`, ...lines.slice(beginning)];
}
