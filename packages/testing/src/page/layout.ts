import { linesOf } from "../story/lines.ts";
import type { TimelineEntry } from "../story/timeline.ts";

/** Where an entry stands on the page: its lane, and its row from the top. */
export interface Placed {
  readonly entry: TimelineEntry;
  readonly lane: number;
  readonly row: number;
}

/** The way of one message from where it was stored to where it was received. */
export interface Arrow {
  readonly message: string;
  readonly from: Placed;
  readonly to: Placed;
}

export interface Layout {
  /** Who has a lane: processes and clients as they appear, then the broker and time. */
  readonly lanes: readonly string[];
  readonly placed: readonly Placed[];
  readonly arrows: readonly Arrow[];
  /** Of each lane, in pixels: most of what is told fits. */
  readonly laneWidth: number;
  /** The messages, numbered as they appear: each has a colour of its own. */
  readonly messages: readonly string[];
}

/** Those who are nobody's process stand at the edge. */
const LAST = ["broker", "time"];

/** What a page of lanes shows, and where: one row for each entry, one lane for each instance. Pure. */
export function layoutOf(timeline: readonly TimelineEntry[]): Layout {
  const shown = linesOf(timeline);
  const lanes = lanesOf(shown);
  const placed = shown.map((entry, row) => ({ entry, lane: lanes.indexOf(entry.who), row }));
  const messages = [...new Set(shown.flatMap(({ message }) => (message === undefined ? [] : [message])))];
  return { lanes, placed, arrows: arrowsOf(placed), laneWidth: widthOf(shown), messages };
}

const WIDTH = { least: 220, most: 420, letter: 7.2, border: 40 } as const;

/** Nine of ten lines fit, as far as a lane may be wide; the rest is shown when it is pointed at. */
function widthOf(shown: readonly TimelineEntry[]): number {
  const lengths = shown.map(({ text }) => text.length).toSorted((one, other) => one - other);
  const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  return Math.round(Math.min(WIDTH.most, Math.max(WIDTH.least, usual * WIDTH.letter + WIDTH.border)));
}

function lanesOf(shown: readonly TimelineEntry[]): readonly string[] {
  const all = [...new Set(shown.map(({ who }) => who))];
  const [first, last] = [all.filter((who) => !LAST.includes(who)), LAST.filter((who) => all.includes(who))];
  return [...first.toSorted((one, other) => instanceOf(one) - instanceOf(other) || 0), ...last];
}

/** `app/2` stands behind `app/1`; clients, who have no number, come first. */
function instanceOf(who: string): number {
  return Number(/\/(\d+)$/.exec(who)?.[1] ?? 0);
}

function arrowsOf(placed: readonly Placed[]): readonly Arrow[] {
  const latest = new Map<string, Placed>();
  const arrows: Arrow[] = [];
  for (const to of placed) {
    const { message, what } = to.entry;
    if (message === undefined) continue;
    if (what === "stored") latest.set(message, to);
    const from = latest.get(message);
    if (from !== undefined && (what === "receives" || what === "gets the reply"))
      arrows.push({ message, from, to });
  }
  return arrows;
}
