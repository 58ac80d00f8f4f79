import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

/**
 * Writes the reference into `reference/` from the docstrings: a page for every entry point of every package, and one for
 * each of its names. The result is not committed.
 */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGES = join(HERE, "../packages");

const GROUPS = ["Functions", "Interfaces", "Type Aliases", "Classes"];
const FIRST = ["createBus", "command", "event", "service", "Bus", "BusOptions", "Service", "HandlerContext"];

const options: Partial<TypeDocOptions & PluginOptions> = {
  entryPoints: ["index.ts", "transport.ts", "transport-kit.ts", "transport-kit/testing.ts"].map(
    (entryPoint) => `${PACKAGES}/*/src/${entryPoint}`,
  ),
  exclude: [`${PACKAGES}/{rabbitmq,memory,nats,kafka}/src/transport.ts`],
  tsconfig: join(HERE, "tsconfig.reference.json"),
  plugin: ["typedoc-plugin-markdown"],
  out: join(HERE, "reference"),
  name: "Reference",
  readme: "none",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  hideGenerator: true,
  entryFileName: "index.md",
  outputFileStrategy: "members",
  parametersFormat: "table",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  validation: { invalidLink: true, notExported: false, notDocumented: false },
  treatWarningsAsErrors: true,
  logLevel: "Warn",
};
const app = await Application.bootstrapWithPlugins(options);
const project = await app.convert();
if (project === undefined)
  throw new Error("The sources do not compile. Run npm run typecheck to see the errors.");
for (const entryPoint of project.children ?? []) {
  entryPoint.name = nameOf(entryPoint.name);
  // The names for beginners come first; the others follow alphabetically.
  entryPoint.groups?.sort((a, b) => positionOf(GROUPS, a.title) - positionOf(GROUPS, b.title));
  for (const { children } of entryPoint.groups ?? [])
    children.sort((a, b) => positionOf(FIRST, a.name) - positionOf(FIRST, b.name));
}
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;

function positionOf(order: readonly string[], name: string): number {
  const position = order.indexOf(name);
  return position === -1 ? order.length : position;
}

/** Returns `@waybill/core/transport` for the TypeDoc module `…/core/src/transport`. */
function nameOf(module: string): string {
  const [, folder = "", entryPoint] = /([^/]+)\/src(?:\/(.+))?$/.exec(module) ?? [];
  const manifest = readFileSync(join(PACKAGES, folder, "package.json"), "utf8");
  const { name } = JSON.parse(manifest) as { readonly name: string };
  return entryPoint === undefined ? name : `${name}/${entryPoint}`;
}
