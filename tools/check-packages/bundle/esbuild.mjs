import { build } from "esbuild";

// #region options
const options = { entryPoints: ["main.ts"], bundle: true, platform: "node", target: "node20" };

await build({
  ...options,
  format: "esm",
  outfile: "out/main.mjs",
  // The brokers' clients are CommonJS and call require.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
// #endregion options
