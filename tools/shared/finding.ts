/** A problem, its location and its remedy. */
export interface Finding {
  /** Relative to the root, with slashes. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** Prints findings as `path:line: text`, then a summary. A finding sets the exit code 1. */
export function report(findings: readonly Finding[], allWell: string): void {
  for (const { path, line, text } of findings) console.error(`${path}:${line}: ${text}`);
  console.log(findings.length === 0 ? allWell : `${findings.length} found`);
  if (findings.length > 0) process.exitCode = 1;
}
