import { realpathSync } from "node:fs";
// As a namespace, because the usual banner of an ESM bundle declares the name createRequire.
import * as nodeModule from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a package as the application resolves it, from the path of its entry point and then from the working directory, else
 * as core resolves it. Core may not find the application's package, or may find another version.
 * @returns undefined when the package is not installed
 * @throws the error that the package throws while it loads
 */
export async function loadPackage(name: string): Promise<unknown> {
  const own = resolvedFrom(ownUrl(), name);
  for (const base of pathsOfApplication()) {
    const path = resolvedFrom(base, name);
    if (path === undefined) continue;
    // A package that core resolves to the same path is imported by its name, so that test runners and loaders can replace it.
    return await importAsIs(path === own ? name : pathToFileURL(path).href);
  }
  try {
    return await importAsIs(name);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** The comments stop bundlers, which would replace the import by an error of their own. */
function importAsIs(specifier: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
}

/** Returns the paths where a search begins, most specific first. The search accepts a folder or a file. */
function pathsOfApplication(): readonly string[] {
  const entry = process.argv[1];
  return [entry && withoutLinks(entry), entry, process.cwd()].filter((base) => base !== undefined);
}

/** Returns the URL of this module; undefined in a CommonJS bundle. */
function ownUrl(): string | undefined {
  const { url } = import.meta as { url?: string };
  return url;
}

function resolvedFrom(base: string | undefined, name: string): string | undefined {
  if (base === undefined) return undefined;
  try {
    const from = base.startsWith("file:") ? base : join(base, "package.json");
    return nodeModule.createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

function withoutLinks(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // an entry point without its extension, or one that exists in a bundle only
  }
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !error.message.includes(name)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
