import type { Outcome } from "./target.ts";

/** Returns the outcomes as a Markdown table. */
export function table(name: string, outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ test, stored, lost, duplicates, recoveryMs, note, violations }) => [
    test,
    String(stored),
    String(lost),
    String(duplicates),
    `${(recoveryMs / 1_000).toFixed(2)} s`,
    [note, ...violations.map((promise) => `**${promise}**`)].filter(Boolean).join("; "),
  ]);
  const head = [name, "stored", "lost", "duplicates", "recovered after", ""];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
