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

/**
 * The menus of the reference, by the path that each belongs to: all doors, and the names of the one that is open. What `npm run docs:api` has
 * written is listed.
 */
export function menusOfDoors(folder: string): Record<string, DefaultTheme.SidebarItem[]> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const doors = files
    .filter((file) => /^@waybill\/.+\/index\.md$/.test(file))
    .map((file) => file.slice(0, -"/index.md".length))
    .toSorted();
  const menu = (open: string | undefined): DefaultTheme.SidebarItem[] => [
    { text: "All pages", link: "/" },
    ...doors.map((door) => ({
      text: door,
      link: pathOf(door),
      items: door === open ? namesOf(files, door) : [],
    })),
  ];
  return Object.fromEntries([
    ["/docs/reference/", menu(undefined)],
    ...doors.map((door) => [pathOf(door), menu(door)] as const),
  ]);
}

const pathOf = (door: string): string => `/docs/reference/${door}/`;

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
