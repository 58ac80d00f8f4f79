import type { Finding } from "../../shared/finding.ts";
import type { SourceProse } from "./prose.ts";

/** A name in backticks that is written like an identifier of two words or more, or like a property of one. */
const NAME = /`([a-z]\w*(?:\.[a-z]\w*)*)`/g;

/**
 * Returns the identifiers that comments of published sources name in backticks and that no source declares or uses: an
 * option or a function that was renamed since.
 */
export function unknownNames(sources: readonly SourceProse[]): readonly Finding[] {
  const known = new Set(
    sources.flatMap(({ identifiers, strings }) => [...identifiers, ...strings].map(({ text }) => text)),
  );
  return sources
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
    .flatMap(({ path, comments }) =>
      comments.flatMap(({ line, text }) =>
        [...text.matchAll(NAME)]
          .flatMap(([, name = ""]) => name.split("."))
          .filter((part) => /[A-Z]/.test(part) && !known.has(part))
          .map((part) => ({ path, line, text: `no source has a name ${part}: write today's name` })),
      ),
    );
}
