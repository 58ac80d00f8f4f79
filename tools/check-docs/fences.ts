import type { Finding } from "../shared/finding.ts";
import { includesOf } from "./includes.ts";
import type { Page } from "./page.ts";

/** What may be typed by hand: nothing that a compiler or a program would read. */
export const BY_HAND: ReadonlySet<string> = new Set(["text", "sh", "console", "diff"]);

/** Fences of code that no file holds: nothing would notice when such code stops working. */
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
