import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Tests read the sources of every package, never a build, so that a run has one copy of core.
const conditions = ["@waybill/source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/conformance/**/*.test.ts",
      "packages/*/proof/**/*.test.ts",
      "packages/*/scenarios/**/*.test.ts",
      "packages/*/bug-corpus/**/*.test.ts",
      "packages/*/decorators/**/*.test.ts",
      "tools/**/*.test.ts",
      "docs/code/**/*.test.ts",
      "docs/.vitepress/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
      "differential/**/*.test.ts",
      "proof/**/*.test.ts",
    ],
    // Tests on the oldest brokers run separately: npm run test:oldest.
    exclude: ["**/node_modules/**", "**/oldest.test.ts"],
    // Tests on brokers mostly wait, so two run at a time even on one core.
    maxWorkers: Math.max(2, availableParallelism()),
    setupFiles: ["./vitest.setup.ts"],
    // Only a hanging test reaches this limit, not a slow one on a busy machine.
    testTimeout: 30_000,
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
