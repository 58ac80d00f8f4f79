import { timeText } from "./time-text.ts";
import type { TimelineEntry } from "./timeline.ts";

/** From this number of repetitions on, an entry is shown once with the number. */
const MOST_REPEATS = 3;

/** Returns the entries that a story shows: without plain acknowledgements, and with repeated entries as one. */
export function linesOf(timeline: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const entries = timeline.filter(({ what }) => what !== "settled");
  const lines: TimelineEntry[] = [];
  for (let at = 0, end = 0; at < entries.length; at = end) {
    const entry = entries[at];
    if (entry === undefined) break;
    end = endOf(entries, at);
    const again = end - at - 1;
    if (again < MOST_REPEATS) lines.push(...entries.slice(at, end));
    else {
      const until = timeText(entries[end - 1]?.at ?? entry.at);
      lines.push({ ...entry, text: `${entry.text} (${again} more times until ${until})` });
    }
  }
  return lines;
}

/** Returns the index after the last of the equal entries that begin at an index. */
function endOf(entries: readonly TimelineEntry[], at: number): number {
  const first = entries[at];
  let end = at + 1;
  while (entries[end]?.who === first?.who && entries[end]?.text === first?.text && end < entries.length)
    end += 1;
  return end;
}
