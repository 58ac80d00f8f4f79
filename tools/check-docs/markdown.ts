/** One code fence of a Markdown page. */
export interface Fence {
  /** `ts`, `sh`, `text`, `diff` … */
  readonly language: string;
  readonly body: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** `path` or `path#region`, from the comment above: `<!-- include: path#region -->`. */
  readonly include: string | undefined;
}

/** The fences of a page. Only unindented ones of three backticks: our pages have no others. */
export function fencesOf(markdown: string): readonly Fence[] {
  const lines = markdown.split("\n");
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w*)\s*$/.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const start = at;
    for (at += 1; at < lines.length && lines[at] !== "```";) at += 1;
    fences.push({
      language,
      body: lines.slice(start + 1, at).join("\n"),
      line: start + 1,
      include: includeAbove(lines, start),
    });
  }
  return fences;
}

function includeAbove(lines: readonly string[], fence: number): string | undefined {
  let above = fence - 1;
  while (above >= 0 && lines[above]?.trim() === "") above -= 1;
  return /^<!-- include: (\S+) -->$/.exec(lines[above] ?? "")?.[1];
}

/** The page without its fences: prose, with the same line numbers. */
export function proseOf(markdown: string): string {
  const lines = markdown.split("\n");
  for (const { line, body } of fencesOf(markdown))
    for (let at = line - 1; at <= line + body.split("\n").length; at++) lines[at] = "";
  return lines.join("\n");
}
