import { linesOf } from "../story/lines.ts";
import type { TimelineEntry } from "../story/timeline.ts";

/** An entry of the timeline with its position on the page: its lane, and its row from the top. */
export interface Placed {
  readonly entry: TimelineEntry;
  readonly lane: number;
  readonly row: number;
}

/** The arrow of one message from the entry that stores it to an entry that receives it. */
export interface Arrow {
  readonly message: string;
  readonly from: Placed;
  readonly to: Placed;
}

export interface Layout {
  /** The actors: clients and processes in the order of their first entry, then the broker and time. */
  readonly lanes: readonly string[];
  readonly placed: readonly Placed[];
  readonly arrows: readonly Arrow[];
  /** The width of each lane in pixels; most entries fit into it. */
  readonly laneWidth: number;
  /** The messages in the order of their first entry; each has a colour of its own. */
  readonly messages: readonly string[];
}

/** Actors that are no process: their lanes come last. */
const LAST = ["broker", "time"];

/** Returns the layout of a page: one row for each entry, one lane for each actor. Pure. */
export function layoutOf(timeline: readonly TimelineEntry[]): Layout {
  const shown = linesOf(timeline);
  const lanes = lanesOf(shown);
  const placed = shown.map((entry, row) => ({ entry, lane: lanes.indexOf(entry.who), row }));
  const messages = [...new Set(shown.flatMap(({ message }) => (message === undefined ? [] : [message])))];
  return { lanes, placed, arrows: arrowsOf(placed), laneWidth: widthOf(shown), messages };
}

const WIDTH = { least: 220, most: 420, letter: 7.2, border: 40 } as const;

/** Returns a width that nine of ten lines fit into, within limits; the page shows a longer line in full under the pointer. */
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

/** Returns the number of an instance: `app/2` comes after `app/1`; a client has the number 0 and comes first. */
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
    if (from !== undefined && (what === "receives" || what === "receives the reply"))
      arrows.push({ message, from, to });
  }
  return arrows;
}
