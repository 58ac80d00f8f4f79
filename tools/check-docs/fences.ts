import type { Finding } from "../shared/finding.ts";
import { includesOf } from "./includes.ts";
import type { Page } from "./page.ts";

/** The languages that an author may type by hand: no compiler and no program reads them. */
export const BY_HAND: ReadonlySet<string> = new Set(["text", "sh", "console", "diff"]);

/** Returns the fences with code that is not included from a file: no test would notice when such code breaks. */
export function typedFences(page: Page): readonly Finding[] {
  const included = new Set(includesOf(page).map(({ before }) => before));
  return page.fences
    .filter(({ line, language }) => !included.has(line) && !BY_HAND.has(language))
    .map(({ line, language }) => ({
      path: page.path,
      line,
      text:
        language === ""
          ? `a fence without a language: say text, sh, console or diff`
          : `${language} typed by hand: include it, <!-- include: path/to/file.ts#region --> on the line above`,
    }));
}
