import type { Failure } from "../simulate/failure.ts";
import { timeText } from "../story/time-text.ts";
import { show } from "../text/show.ts";
import { layoutOf, type Arrow, type Layout, type Placed } from "./layout.ts";
import { MARGIN, ROW, SCRIPT, STYLE } from "./style.ts";

/** Returns a failure as an HTML page: one lane for each instance with its events from top to bottom, and the messages as arrows. */
export function timelinePage(failure: Failure): string {
  const { violation, profile, seed, path, input } = failure;
  const layout = layoutOf(failure.timeline);
  const { laneWidth } = layout;
  const width = MARGIN + layout.lanes.length * laneWidth;
  const height = (layout.placed.length + 3) * ROW;
  return [
    `<!doctype html>`,
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(violation.name)}</title><style>${STYLE}</style></head><body>`,
    `<header><h1>${text(violation.what)}</h1><p>violated property: ${text(violation.name)}</p>`,
    input === undefined ? "" : `<p>input <code>${text(show(input))}</code></p>`,
    `<p>profile ${text(profile)}; replay this run with <code>{ seed: ${seed}, path: ${text(JSON.stringify(path))} }</code></p></header>`,
    `<div class="lanes" style="width:${width}px;--lane:${laneWidth}px"><div class="names">${layout.lanes.map((who, lane) => nameOf(who, leftOf(lane, layout))).join("")}</div>`,
    `<div class="events" style="height:${height}px">`,
    ...layout.lanes.map((_, lane) => `<div class="track" style="left:${middleOf(lane, layout)}px"></div>`),
    `<svg width="${width}" height="${height}" aria-hidden="true">${layout.arrows.map((arrow) => arrowPath(arrow, layout)).join("")}</svg>`,
    ...layout.placed.map((placed, at) => rowOf(placed, layout, layout.placed[at - 1])),
    `<div class="event wrong" style="left:${MARGIN}px;top:${topOf(layout.placed.length) + ROW / 2}px;width:auto">${text(violation.what)}</div>`,
    `</div></div><script>${SCRIPT}</script></body></html>`,
    "",
  ].join("\n");
}

/** Returns a failure as JSON: the violation, the seed and path that replay it, and all events. */
export function timelineJson(failure: Failure): string {
  const { violation, profile, seed, path, steps, timeline } = failure;
  const { name, what } = violation;
  return `${JSON.stringify({ violation: { name, what }, profile, seed, path, steps, timeline }, undefined, 2)}\n`;
}

function nameOf(who: string, left: number): string {
  return `<b style="left:${left}px">${text(who)}</b>`;
}

function rowOf({ entry, lane, row }: Placed, layout: Layout, before: Placed | undefined): string {
  const { at, what, message } = entry;
  const top = topOf(row);
  const time =
    before?.entry.at === at ? "" : `<div class="time" style="top:${top + 2}px">${timeText(at)}</div>`;
  const kind = what === "fault" || what === "effect" ? ` ${what}` : "";
  const of = message === undefined ? "" : ` data-message="${text(message)}"`;
  const place = `left:${leftOf(lane, layout)}px;top:${top}px;${hueOf(message, layout.messages)}`;
  return `${time}<div class="event${kind}"${of} style="${place}" title="${text(entry.text)}">${text(entry.text)}</div>`;
}

function arrowPath({ message, from, to }: Arrow, layout: Layout): string {
  const [x1, y1] = [middleOf(from.lane, layout), topOf(from.row) + ROW / 2 - 4];
  const [x2, y2] = [middleOf(to.lane, layout), topOf(to.row) + ROW / 2 - 4];
  const bend = from.lane === to.lane ? layout.laneWidth / 2 : 0;
  const curve = `M${x1} ${y1} C${x1 + bend} ${(y1 + y2) / 2}, ${x2 + bend} ${(y1 + y2) / 2}, ${x2} ${y2}`;
  return `<path data-message="${text(message)}" style="${hueOf(message, layout.messages)}" d="${curve}"/>`;
}

/** Steps of the golden angle give neighbouring messages colours that differ much. */
function hueOf(message: string | undefined, messages: readonly string[]): string {
  return message === undefined ? "" : `--hue:${Math.round(210 + messages.indexOf(message) * 137.5) % 360}`;
}

function leftOf(lane: number, { laneWidth }: Layout): number {
  return MARGIN + lane * laneWidth;
}

function middleOf(lane: number, layout: Layout): number {
  return leftOf(lane, layout) + layout.laneWidth / 2 - 11;
}

function topOf(row: number): number {
  return row * ROW + 8;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Escapes text for HTML. */
function text(plain: string): string {
  return plain.replaceAll(/[&<>"]/g, (mark) => ESCAPES[mark] ?? mark);
}
