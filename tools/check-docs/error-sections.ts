import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { readPage } from "./page.ts";

/** Every error links to this page; its code is the anchor. */
const PAGE = "docs/errors.md";
/** The approved list of codes, one on each line. */
const CODES = "api/error-codes.txt";

/** Returns the error codes without a section: the link in such an error would be dead. */
export function undocumentedErrors(root: string): readonly Finding[] {
  if (!existsSync(join(root, CODES))) return [];
  if (!existsSync(join(root, PAGE))) return [{ path: PAGE, line: 1, text: "this page is missing" }];
  const { anchors } = readPage(root, PAGE);
  const codes = readFileSync(join(root, CODES), "utf8").trim().split("\n");
  return codes
    .map((code, at) => ({ path: CODES, line: at + 1, code }))
    .filter(({ code }) => !anchors.has(code))
    .map(({ path, line, code }) => ({ path, line, text: `${PAGE} has no section ${code}` }));
}
