/** Sizes in pixels. The page contains all positions, so that a browser needs no script to draw it. */
export const ROW = 30;
export const MARGIN = 90;

export const STYLE: string = `
:root { color-scheme: light dark; --background: #fff; --ink: #1c2024; --dim: #6b7280; --line: #e5e7eb; --fault: #b91c1c; --fault-background: #fee2e2; --effect: #15803d; --effect-background: #dcfce7; --light: 42%; }
@media (prefers-color-scheme: dark) { :root { --background: #15181c; --ink: #e5e7eb; --dim: #9ca3af; --line: #2d333b; --fault: #fca5a5; --fault-background: #4c1d1d; --effect: #86efac; --effect-background: #14391f; --light: 65%; } }
body { margin: 0; background: var(--background); color: var(--ink); font: 13px/1.4 system-ui, sans-serif; }
header { padding: 20px 24px 12px; max-width: 900px; }
h1 { margin: 0 0 4px; font-size: 18px; }
header p { margin: 4px 0; color: var(--dim); }
code { font: 12px ui-monospace, monospace; color: var(--ink); }
.lanes { position: relative; }
.names { position: sticky; top: 0; z-index: 2; height: ${ROW + 6}px; background: var(--background); border-bottom: 1px solid var(--line); }
.names b { position: absolute; bottom: 6px; width: calc(var(--lane) - 16px); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { position: absolute; top: 0; bottom: 0; border-left: 1px dashed var(--line); }
.events { position: relative; }
svg { position: absolute; left: 0; top: 0; pointer-events: none; }
path { fill: none; stroke-width: 1.5; opacity: .55; stroke: hsl(var(--hue) 65% var(--light)); }
.time { position: absolute; left: 24px; width: ${MARGIN - 40}px; text-align: right; color: var(--dim); font-variant-numeric: tabular-nums; white-space: nowrap; }
.event { position: absolute; width: calc(var(--lane) - 22px); height: ${ROW - 8}px; line-height: ${ROW - 8}px; padding: 0 6px; box-sizing: border-box; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; background: var(--background); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 3px; }
.event:hover { z-index: 1; width: max-content; min-width: calc(var(--lane) - 22px); }
.event[data-message] { border-left-color: hsl(var(--hue) 65% var(--light)); }
.fault, .effect { width: max-content; min-width: calc(var(--lane) - 22px); }
.fault { color: var(--fault); background: var(--fault-background); border-color: var(--fault); font-weight: 600; }
.effect { color: var(--effect); background: var(--effect-background); border-color: var(--effect); font-weight: 600; }
.wrong { height: auto; color: var(--fault); border: 2px solid var(--fault); font-weight: 600; white-space: normal; }
.picked .event:not(.chosen), .picked path:not(.chosen) { opacity: .2; }
.picked path.chosen { opacity: 1; stroke-width: 2.5; }
`;

/** Highlights all entries of the message under the pointer. The page works without this script. */
export const SCRIPT: string = `
const events = document.querySelector(".events");
const show = (message) => {
  events.classList.toggle("picked", message !== undefined);
  for (const each of events.querySelectorAll("[data-message]")) each.classList.toggle("chosen", each.dataset.message === message);
};
events.addEventListener("mouseover", ({ target }) => show(target.closest(".event")?.dataset.message));
events.addEventListener("mouseleave", () => show(undefined));
`;
