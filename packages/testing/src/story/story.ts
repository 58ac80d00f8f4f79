import type { TimelineEntry } from "./timeline.ts";

const MOST_LINES = 200;

/** A timeline for people: who did what to which message, when, and where the fault struck. What was merely acknowledged is left out. */
export function storyOf(timeline: readonly TimelineEntry[]): readonly string[] {
  const told = timeline.filter(({ what }) => what !== "settled" && what !== "act ended");
  const most = told.slice(-MOST_LINES);
  const width = Math.max(0, ...most.map(({ who }) => who.length));
  const times = Math.max(0, ...most.map(({ at }) => timeText(at).length));
  const lines = most.map(
    ({ at, who, text }) => `${timeText(at).padStart(times)}  ${who.padEnd(width)}  ${text}`,
  );
  const skipped = told.length - most.length;
  return skipped === 0 ? lines : [`(${skipped} lines before)`, ...lines];
}

/** `1.5 s`, `250 ms`, `10 min`: as short as it is exact. */
export function timeText(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  if (ms >= 1_000) return `${ms / 1_000} s`;
  return `${ms} ms`;
}
