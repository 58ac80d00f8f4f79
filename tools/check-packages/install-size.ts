import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { strangerWith } from "./stranger.ts";
import type { Packed } from "./pack.ts";

/** Of core and one adapter, unpacked. */
export const MOST_BYTES = 1_000_000;
/** Besides ours, and the client with what it brings itself. */
export const MOST_OTHERS = 2;

/** An npm lockfile, as far as it is read here. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

/** What core and one adapter put into an empty project: more of ours, or more of others, than promised. */
export function sizeFindings(core: Packed, adapter: Packed): readonly Finding[] {
  const path = `packages/${adapter.pack.folder}/package.json`;
  const bytes = core.bytes + adapter.bytes;
  const others = packagesBesides([core, adapter]);
  const found: string[] = [];
  if (bytes > MOST_BYTES)
    found.push(`takes ${bytes} bytes with core, ${MOST_BYTES} at most are promised: ship less`);
  if (others.length > MOST_OTHERS)
    found.push(`brings ${others.join(", ")} besides its client: ${MOST_OTHERS} at most are promised`);
  return found.map((text) => ({ path, line: 1, text }));
}

/** The packages that are neither ours nor what an adapter's client is made of. */
function packagesBesides(packed: readonly Packed[]): readonly string[] {
  const stranger = strangerWith(packed);
  try {
    const lock = JSON.parse(readFileSync(join(stranger.folder, "package-lock.json"), "utf8")) as Lock;
    const ours = new Set(packed.map(({ pack }) => pack.name));
    const clients = new Set<string>();
    const adapter = packed.at(-1)?.pack.name ?? "";
    const visit = (name: string): void => {
      if (clients.has(name) || ours.has(name)) return;
      clients.add(name);
      for (const each of Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {})) visit(each);
    };
    for (const each of Object.keys(lock.packages[`node_modules/${adapter}`]?.dependencies ?? {})) visit(each);
    return Object.keys(lock.packages)
      .flatMap((path) => path.split("node_modules/").at(-1) ?? [])
      .filter((name) => name !== "" && !ours.has(name) && !clients.has(name));
  } finally {
    stranger.leave();
  }
}
