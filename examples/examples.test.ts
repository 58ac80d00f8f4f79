import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { outputOf } from "./shared/transports.ts";

/** Each test starts processes; the time limit is for processes that hang. */
vi.setConfig({ testTimeout: 120_000 });

const HERE = fileURLToPath(new URL(".", import.meta.url));
const EXAMPLES = readdirSync(HERE).filter((name) => /^\d\d-/.test(name));

it("one more action with commands counts as many orders as with events", async () => {
  const output = await outputOf("03-buy-button-events/one-more-action/main.ts");
  expect(output.split("\n").filter((line) => line.endsWith("sales: counted"))).toHaveLength(3);
});

it("there are examples", () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(3));

it.each(EXAMPLES)("%s prints its expected.txt", async (name) => {
  const expected = readFileSync(join(HERE, name, "expected.txt"), "utf8");
  expect(await outputOf(join(name, "main.ts"))).toBe(expected);
});

it("the mini application has at most three files and 45 lines", () => {
  const files = readdirSync(join(HERE, "06-mini")).filter((name) => name.endsWith(".ts"));
  const lines = files.flatMap((name) => readFileSync(join(HERE, "06-mini", name), "utf8").split("\n"));
  expect(files.length).toBeLessThanOrEqual(3);
  expect(lines.filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(45);
});
