import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { readPackages } from "../shared/packages.ts";
import { contentFindings, packed } from "./pack.ts";
import { strangerWith } from "./stranger.ts";

/** What a stranger does with the packages. */
export interface Visit {
  /** A program that uses them. */
  readonly program: string;
  /** What the program needs besides, by name. */
  readonly alongside: readonly string[];
}

/** Packs every built package that is published, installs the tarballs in an empty folder and goes through every door. */
export function checkPackages(root: string, { program, alongside }: Visit): readonly Finding[] {
  const packages = readPackages(root).filter(({ isPrivate }) => !isPrivate);
  const folder = mkdtempSync(join(tmpdir(), "waybill-packed-"));
  try {
    const all = packages.map((pack) => packed(root, pack, folder));
    const stranger = strangerWith(
      all.map(({ file }) => file),
      alongside,
    );
    try {
      const loaded = packages.flatMap(({ folder: name, doors }) =>
        doors.flatMap(({ specifier }) => findings(`packages/${name}/package.json`, stranger.load(specifier))),
      );
      return [
        ...all.flatMap(contentFindings),
        ...loaded,
        ...findings(program, stranger.compileAndRun(program)),
      ];
    } finally {
      stranger.leave();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findings(path: string, text: string | undefined): readonly Finding[] {
  return text === undefined ? [] : [{ path, line: 1, text }];
}
