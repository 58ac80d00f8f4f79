import type { Outcome } from "./site.ts";

/** The outcomes as Markdown. */
export function table(name: string, outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ trial, stored, lost, duplicates, recoveryMs, note, broken }) => [
    trial,
    String(stored),
    String(lost),
    String(duplicates),
    `${(recoveryMs / 1_000).toFixed(2)} s`,
    [note, ...broken.map((promise) => `**${promise}**`)].filter(Boolean).join("; "),
  ]);
  const head = [name, "stored", "lost", "duplicates", "recovered after", ""];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
