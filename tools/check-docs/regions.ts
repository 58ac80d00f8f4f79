/**
 * The text of a region of a source file, between `// #region name` and `// #endregion name`, dedented; the whole
 * file without a name. Nothing when there is no such region.
 */
export function regionOf(source: string, name: string | undefined): string | undefined {
  if (name === undefined) return source.trimEnd();
  const lines = source.split("\n");
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line) => line.trim() === `// #endregion ${name}`);
  if (start < 0 || end < start) return undefined;
  const body = lines.slice(start + 1, end).filter((line) => !/^\s*\/\/ #(end)?region /.test(line));
  const indent = Math.min(
    ...body.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length),
  );
  return body.map((line) => line.slice(indent)).join("\n");
}
