import { existsSync, readdirSync } from "node:fs";
import type { DefaultTheme } from "vitepress";

/** The groups of names of a door, in the order in which they are read. */
const GROUPS: Readonly<Record<string, string>> = {
  functions: "Functions",
  interfaces: "Interfaces",
  "type-aliases": "Types",
  classes: "Classes",
  variables: "Values",
};

/** The menu of the reference: each door with its names, which `npm run docs:api` has written. */
export function doors(folder: string): DefaultTheme.SidebarItem[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /^@waybill\/.+\/index\.md$/.test(file))
    .map((file) => file.slice(0, -"/index.md".length))
    .toSorted()
    .map((door) => ({
      text: door,
      link: `/docs/reference/${door}/`,
      collapsed: true,
      items: namesOf(files, door),
    }));
}

function namesOf(files: readonly string[], door: string): DefaultTheme.SidebarItem[] {
  return Object.entries(GROUPS).flatMap(([group, text]) => {
    const names = files
      .filter((file) => file.startsWith(`${door}/${group}/`) && file.endsWith(".md"))
      .map((file) => file.slice(`${door}/${group}/`.length, -".md".length));
    const items = names
      .toSorted()
      .map((name) => ({ text: name, link: `/docs/reference/${door}/${group}/${name}` }));
    return items.length === 0 ? [] : [{ text, items }];
  });
}
