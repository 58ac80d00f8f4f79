import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { consumerFixture } from "./fixture.ts";
import type { Packed } from "./pack.ts";

/** The limit of core and one adapter, unpacked. */
export const MAX_BYTES = 1_000_000;
/** The limit of other packages, besides the broker's client and its dependencies. */
export const MAX_OTHER_PACKAGES = 2;

/** The part of an npm lockfile that is read here. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

/** Returns a finding if core and one adapter install more bytes or more other packages than the limits. */
export function sizeFindings(core: Packed, adapter: Packed): readonly Finding[] {
  const path = `packages/${adapter.pack.folder}/package.json`;
  const bytes = core.bytes + adapter.bytes;
  const others = otherPackages([core, adapter]);
  const found: string[] = [];
  if (bytes > MAX_BYTES)
    found.push(`needs ${bytes} bytes with core, at most ${MAX_BYTES} are allowed: ship less`);
  if (others.length > MAX_OTHER_PACKAGES)
    found.push(
      `installs ${others.join(", ")} besides its client; at most ${MAX_OTHER_PACKAGES} others are allowed`,
    );
  return found.map((text) => ({ path, line: 1, text }));
}

/** Returns the installed packages that are neither ours nor dependencies of an adapter. */
function otherPackages(packed: readonly Packed[]): readonly string[] {
  const fixture = consumerFixture(packed);
  try {
    const lock = JSON.parse(readFileSync(join(fixture.folder, "package-lock.json"), "utf8")) as Lock;
    const ours = new Set(packed.map(({ pack }) => pack.name));
    const clients = new Set<string>();
    const adapter = packed.at(-1)?.pack.name ?? "";
    const addClient = (name: string): void => {
      if (clients.has(name) || ours.has(name)) return;
      clients.add(name);
      for (const each of Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {}))
        addClient(each);
    };
    for (const each of Object.keys(lock.packages[`node_modules/${adapter}`]?.dependencies ?? {}))
      addClient(each);
    return Object.keys(lock.packages)
      .flatMap((path) => path.split("node_modules/").at(-1) ?? [])
      .filter((name) => name !== "" && !ours.has(name) && !clients.has(name));
  } finally {
    fixture.remove();
  }
}
