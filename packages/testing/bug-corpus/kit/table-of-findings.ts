import type { Finding } from "./check-case.ts";

/** Returns a table with one line for each bug: the seeds that found it, the schedules, the length of the story, the faults. */
export function tableOfFindings(findings: ReadonlyMap<string, readonly Finding[]>): string {
  const rows = [...findings].map(([name, all]) => {
    const found = all.filter(({ isFound }) => isFound);
    return [
      name,
      `${found.length}/${all.length}`,
      String(median(found.map(({ runs }) => runs))),
      String(median(found.map(({ lines }) => lines))),
      String(median(found.map(({ faults }) => faults))),
    ];
  });
  const all = [["bug", "found by seeds", "schedules (median)", "story lines", "faults"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
