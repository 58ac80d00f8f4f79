import { realpathSync } from "node:fs";
// As a namespace: the usual banner of an ESM bundle declares the name createRequire.
import * as nodeModule from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a package as the application sees it, by the place of its entry point and then by the working directory, else as
 * core sees it: the package of an application may stand where core cannot see it, or be another version than the one that
 * core sees. Nothing when it is not installed.
 * @throws what the package throws while it loads
 */
export async function loadPackage(name: string): Promise<unknown> {
  const own = resolvedFrom(ownPlace(), name);
  for (const place of placesOfApplication()) {
    const path = resolvedFrom(place, name);
    if (path === undefined) continue;
    // What core sees as well is imported by name: so test runners and loaders have their say.
    return await importAsIs(path === own ? name : pathToFileURL(path).href);
  }
  try {
    return await importAsIs(name);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** A bundler that tried to resolve this would put its own failure in place of the import. */
function importAsIs(specifier: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
}

/** Where a search begins, most particular first; a folder and a file in it are told apart by the search itself. */
function placesOfApplication(): readonly string[] {
  const entry = process.argv[1];
  return [entry && withoutLinks(entry), entry, process.cwd()].filter((place) => place !== undefined);
}

/** Absent in a bundle of CommonJS, which does not know where it is. */
function ownPlace(): string | undefined {
  const { url } = import.meta as { url?: string };
  return url;
}

function resolvedFrom(place: string | undefined, name: string): string | undefined {
  if (place === undefined) return undefined;
  try {
    const from = place.startsWith("file:") ? place : join(place, "package.json");
    return nodeModule.createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

function withoutLinks(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // an entry point without its ending, or one that exists in a bundle alone
  }
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !error.message.includes(name)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
