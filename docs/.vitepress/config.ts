import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type DefaultTheme, type MarkdownRenderer } from "vitepress";
import { menusOfEntryPoints } from "./entry-points.ts";
import { LOOK_UP, PARTS } from "./parts.ts";

/** The URL of the repository, for a site that is built from a copy of it. */
const REPOSITORY = process.env["WAYBILL_REPOSITORY"];

/** The path of the front page in the repository. */
const INDEX = "docs/index.md";

const REFERENCE: readonly DefaultTheme.SidebarItem[] = [
  ...LOOK_UP,
  { text: "Glossary", link: "/GLOSSARY" },
  { text: "Every name", link: "/docs/reference/" },
];
const PROJECT: readonly DefaultTheme.SidebarItem[] = [
  { text: "Architecture", link: "/ARCHITECTURE" },
  { text: "Roadmap", link: "/ROADMAP" },
  { text: "Contributing", link: "/CONTRIBUTING" },
  { text: "Security", link: "/SECURITY" },
];

/** The pages are the Markdown files of the repository, so its readers and the readers of the site see the same text. */
export default defineConfig({
  srcDir: "..",
  srcExclude: [
    "README.md",
    "**/CHANGELOG.md",
    "**/node_modules/**",
    "{packages,bench,tools,proof,.changeset,.brokers,.cache}/**",
    "examples/!(03-buy-button-events)/**",
  ],
  rewrites: { [INDEX]: "index.md" },
  title: "Waybill",
  description: "Messaging for TypeScript that means the same on every broker.",
  lang: "en",
  cleanUrls: true,
  ignoreDeadLinks: false,
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: keepLinksOfIndex,
  },
  vite: {
    publicDir: fileURLToPath(new URL("../public", import.meta.url)),
    build: { chunkSizeWarningLimit: 2_000 },
  },
  head: [
    ["meta", { name: "color-scheme", content: "light dark" }],
    ["link", { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" }],
  ],
  themeConfig: {
    search: {
      provider: "local",
      // The reference repeats every word many times, so explaining pages rank higher.
      options: {
        miniSearch: {
          searchOptions: { boostDocument: (id: string) => (id.includes("/reference/") ? 0.2 : 1) },
        },
      },
    },
    outline: [2, 3],
    nav: [
      ...PARTS.map(({ text, pages }) => ({ text, link: pages[0]?.link ?? "/" })),
      { text: "Look up", link: LOOK_UP[0]?.link ?? "/" },
      { text: "Reference", link: "/docs/reference/" },
    ],
    sidebar: {
      ...menusOfEntryPoints(fileURLToPath(new URL("../reference", import.meta.url))),
      "/": [
        ...PARTS.map(({ text, pages }) => ({ text, items: [...pages] })),
        { text: "Look up", items: [...REFERENCE] },
        { text: "Project", items: [...PROJECT] },
      ],
    },
    ...(REPOSITORY === undefined ? {} : { socialLinks: [{ icon: "github", link: REPOSITORY }] }),
    footer: { message: "MIT licence" },
  },
});

/** Makes the links of the index absolute: they are relative to its path in the repository, and the site serves it at its root. */
function keepLinksOfIndex(md: MarkdownRenderer): void {
  md.core.ruler.push("links-of-index", ({ env, tokens }) => {
    if ((env as { readonly relativePath?: string }).relativePath !== "index.md") return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.attrGet("href");
      if (href === null || /^(?:[a-z]+:|[/#])/.test(href)) continue;
      token.attrSet("href", `/${posix.join(posix.dirname(INDEX), href)}`);
    }
  });
}
