import { existsSync, readdirSync } from "node:fs";
import type { DefaultTheme } from "vitepress";

/** The groups of names of an entry point, in the order in which they are read. */
const GROUPS: Readonly<Record<string, string>> = {
  functions: "Functions",
  interfaces: "Interfaces",
  "type-aliases": "Types",
  classes: "Classes",
  variables: "Values",
};

/**
 * Returns the menus of the reference by path: all entry points, and the names of the open one. It lists the pages that
 * `npm run docs:api` has written.
 */
export function menusOfEntryPoints(folder: string): Record<string, DefaultTheme.SidebarItem[]> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const entryPoints = files
    .filter((file) => /^@waybill\/.+\/index\.md$/.test(file))
    .map((file) => file.slice(0, -"/index.md".length))
    .toSorted();
  const menu = (open: string | undefined): DefaultTheme.SidebarItem[] => [
    { text: "All pages", link: "/" },
    ...entryPoints.map((entryPoint) => ({
      text: entryPoint,
      link: pathOf(entryPoint),
      items: entryPoint === open ? namesOf(files, entryPoint) : [],
    })),
  ];
  return Object.fromEntries([
    ["/docs/reference/", menu(undefined)],
    ...entryPoints.map((entryPoint) => [pathOf(entryPoint), menu(entryPoint)] as const),
  ]);
}

const pathOf = (entryPoint: string): string => `/docs/reference/${entryPoint}/`;

function namesOf(files: readonly string[], entryPoint: string): DefaultTheme.SidebarItem[] {
  return Object.entries(GROUPS).flatMap(([group, text]) => {
    const names = files
      .filter((file) => file.startsWith(`${entryPoint}/${group}/`) && file.endsWith(".md"))
      .map((file) => file.slice(`${entryPoint}/${group}/`.length, -".md".length));
    const items = names
      .toSorted()
      .map((name) => ({ text: name, link: `/docs/reference/${entryPoint}/${group}/${name}` }));
    return items.length === 0 ? [] : [{ text, items }];
  });
}
