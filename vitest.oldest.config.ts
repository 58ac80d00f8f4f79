import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests on the oldest supported version of every broker. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["packages/*/{conformance,proof}/**/oldest.test.ts"],
    exclude: ["**/node_modules/**"],
  },
});
