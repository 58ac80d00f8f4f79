import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { page } from "./one-more-action.ts";

it("shows the changes of the files (npm run -w @waybill/examples one-more-action refreshes it)", () => {
  expect(readFileSync(new URL("one-more-action.md", import.meta.url), "utf8")).toBe(page());
});
