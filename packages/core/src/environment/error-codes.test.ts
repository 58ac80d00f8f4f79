import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ERROR_CODES } from "./error-codes.ts";

it("every error code has its section in docs/errors.md, and every section its code", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const sections = [...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
  expect(sections).toEqual(Object.keys(ERROR_CODES));
  for (const summary of Object.values(ERROR_CODES)) expect(page).toContain(summary);
});
