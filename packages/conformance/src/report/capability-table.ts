import type { Capabilities, CapabilityName } from "@waybill/core/transport";
import { type ConformanceReport, outcomeOf, tally } from "./report.ts";

/** The meaning of each capability for an application. */
const MEANING: Readonly<Record<CapabilityName, string>> = {
  durable: "stored messages survive a restart of the broker",
  dedup: "a message resent under its id is stored once",
  order: "messages with equal keys stay in order, across all instances",
  settleOutOfOrder: "a slow message does not delay later settlements",
  deliverAt: "delayed messages",
  retryDelay: "delayed retries",
  attempts: "the attempt count survives crashes",
  freeRelease: "releasing a message counts no attempt",
  deadLetters: "dead letters with unchanged body and headers",
  history: "new groups read the retained messages",
  requests: "requests and replies",
};

const NAMES = Object.keys(MEANING) as readonly CapabilityName[];

/** Returns the capabilities of each transport and their proof as a Markdown table, followed by the reasons. */
export function capabilityTable(reports: readonly ConformanceReport[]): string {
  const rows = [
    ["capability", ...reports.map(({ harness }) => harness)],
    ["---", ...reports.map(() => "---")],
    ...NAMES.map((name) => [`**${name}**: ${MEANING[name]}`, ...reports.map((report) => cell(report, name))]),
    ["largest message", ...reports.map(({ capabilities }) => bytes(capabilities?.largestMessage))],
    ["scenarios", ...reports.map(summary)],
  ];
  const table = rows.map((row) => `| ${row.map(escaped).join(" | ")} |`).join("\n");
  return [table, "", ...reports.flatMap(reasons)].join("\n");
}

/**
 * Returns a page with the table between its lines `<!-- capabilities -->` and `<!-- /capabilities -->`; undefined when
 * the page has no such lines.
 */
export function withCapabilityTable(page: string, table: string): string | undefined {
  const [begin, end] = ["<!-- capabilities -->", "<!-- /capabilities -->"];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) return undefined;
  return `${page.slice(0, from + begin.length)}\n\n${table.trim()}\n\n${page.slice(to)}`;
}

function cell(report: ConformanceReport, name: CapabilityName): string {
  const { capabilities } = report;
  if (capabilities === undefined) return "unknown";
  const { level } = capabilities[name];
  const numbers = level === "none" ? undefined : figures(capabilities, name);
  const declared = numbers === undefined ? level : `${level}, ${numbers}`;
  switch (outcomeOf(report, name)) {
    case "failed":
      return `**broken** (declared ${declared})`;
    case "held":
    case "refused as declared":
      return declared;
    case "not offered":
    case undefined:
      return `${declared} (not proved)`;
  }
}

function figures(capabilities: Capabilities, name: CapabilityName): string | undefined {
  switch (name) {
    case "dedup":
      return `within ${time(capabilities.dedup.windowMs)}`;
    case "order":
      return `by ${capabilities.order.unit}, at most ${capabilities.order.mostLanes}`;
    case "deliverAt":
    case "retryDelay":
      return `up to ${time(capabilities[name].longestMs)}${grid(capabilities[name].granularityMs)}`;
    case "durable":
    case "settleOutOfOrder":
    case "attempts":
    case "freeRelease":
    case "deadLetters":
    case "history":
    case "requests":
      return undefined;
  }
}

function grid(granularityMs: number): string {
  return granularityMs === 0 ? "" : ` on a grid of ${time(granularityMs)}`;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** Returns a duration in the largest unit that divides it; above 1,000 of a unit, it is rounded down to that unit. */
function time(ms: number): string {
  const [unit, length] = UNITS.find(([, long]) => ms >= long && (ms % long === 0 || ms > 1_000 * long)) ?? [
    "ms",
    1,
  ];
  return `${Math.floor(ms / length).toLocaleString("en")} ${unit}`;
}

function bytes(count: number | undefined): string {
  if (count === undefined) return "unknown";
  return count >= 1_048_576 ? `${Math.floor(count / 1_048_576)} MiB` : `${Math.floor(count / 1_024)} KiB`;
}

function summary(report: ConformanceReport): string {
  const counts = tally(report);
  return (Object.keys(counts) as (keyof typeof counts)[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`)
    .join(", ");
}

/** Returns the reasons for capabilities that are emulated or missing. */
function reasons({ harness, capabilities }: ConformanceReport): readonly string[] {
  if (capabilities === undefined) return [];
  return NAMES.filter((name) => capabilities[name].level !== "native").map((name) => {
    const { level, reason } = capabilities[name];
    return `- ${harness}, ${name} ${level}: ${reason}`;
  });
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
