import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type DefaultTheme } from "vitepress";
import { PARTS } from "./parts.ts";

/** Pages that are looked things up in. */
const REFERENCE: readonly DefaultTheme.SidebarItem[] = [
  { text: "Errors", link: "/docs/errors" },
  { text: "Glossary", link: "/GLOSSARY" },
];
const PROJECT: readonly DefaultTheme.SidebarItem[] = [
  { text: "Architecture", link: "/ARCHITECTURE" },
  { text: "Contributing", link: "/CONTRIBUTING" },
];

/** The pages are the repository's own Markdown: what a reader of the sources sees, a reader of the site sees. */
export default defineConfig({
  srcDir: "..",
  srcExclude: [
    "README.md",
    "**/CHANGELOG.md",
    "**/node_modules/**",
    "{packages,bench,tools,proof,.changeset,.brokers,.cache}/**",
    "examples/!(03-buy-button-events)/**",
  ],
  rewrites: { "docs/index.md": "index.md" },
  title: "Waybill",
  description: "Messaging for TypeScript that means the same on every broker.",
  lang: "en",
  cleanUrls: true,
  ignoreDeadLinks: false,
  markdown: { theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } },
  vite: {
    publicDir: fileURLToPath(new URL("../public", import.meta.url)),
    build: { chunkSizeWarningLimit: 2_000 },
  },
  head: [["meta", { name: "color-scheme", content: "light dark" }]],
  themeConfig: {
    search: {
      provider: "local",
      // The reference says every word many times: pages that explain come first.
      options: {
        miniSearch: {
          searchOptions: { boostDocument: (id: string) => (id.includes("/reference/") ? 0.2 : 1) },
        },
      },
    },
    outline: [2, 3],
    nav: [
      ...PARTS.map(({ text, pages }) => ({ text, link: pages[0]?.link ?? "/" })),
      { text: "Reference", link: "/docs/reference/" },
    ],
    sidebar: [
      ...PARTS.map(({ text, pages }) => ({ text, items: [...pages] })),
      { text: "Reference", items: [...REFERENCE, ...doors()] },
      { text: "Project", items: [...PROJECT] },
    ],
    footer: { message: "MIT licence" },
  },
});

/** One page for each door; they are written by `npm run docs:api`. */
function doors(): DefaultTheme.SidebarItem[] {
  const folder = fileURLToPath(new URL("../reference", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.includes("/") && file.endsWith(".md"))
    .map((file) => file.replace(/\.md$/, ""))
    .toSorted()
    .map((door) => ({ text: door, link: `/docs/reference/${door}` }));
}
