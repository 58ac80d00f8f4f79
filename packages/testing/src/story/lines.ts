import { timeText } from "./time-text.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Of what somebody does again and again, so often is told in full. */
const MOST_REPEATS = 3;

/** What is told of a timeline: without what was merely acknowledged, and what is done again and again once. */
export function linesOf(timeline: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const entries = timeline.filter(({ what }) => what !== "settled" && what !== "act ended");
  const lines: TimelineEntry[] = [];
  for (let at = 0, end = 0; at < entries.length; at = end) {
    const entry = entries[at];
    if (entry === undefined) break;
    end = endOf(entries, at);
    const again = end - at - 1;
    if (again < MOST_REPEATS) lines.push(...entries.slice(at, end));
    else {
      const until = timeText(entries[end - 1]?.at ?? entry.at);
      lines.push({ ...entry, text: `${entry.text}, and ${again} times more until ${until}` });
    }
  }
  return lines;
}

/** Where the row of equal entries that begins at a place is over. */
function endOf(entries: readonly TimelineEntry[], at: number): number {
  const first = entries[at];
  let end = at + 1;
  while (entries[end]?.who === first?.who && entries[end]?.text === first?.text && end < entries.length)
    end += 1;
  return end;
}
