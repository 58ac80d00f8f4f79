import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BREAKAGES } from "../broken/breakages.ts";
import { SCENARIOS } from "./all-scenarios.ts";

const ALL = SCENARIOS.flatMap(({ scenarios }) => scenarios);

describe("the scenarios", () => {
  it("have a name of their own each, which is a sentence without a full stop", () => {
    const names = ALL.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z].{20,}[^.]$/);
  });

  it("are all on the list: every file of every group is imported once", () => {
    const here = new URL(".", import.meta.url);
    const files = SCENARIOS.flatMap(({ name }) => readdirSync(new URL(name, here)));
    // Each group has a list of its own, and the sizes of batches share a file.
    expect(files.length).toBe(ALL.length + SCENARIOS.length - 3);
  });
});

describe("the breakages", () => {
  it("do one thing each, and are caught by scenarios of the list", () => {
    expect(new Set(BREAKAGES.map(({ does }) => does)).size).toBe(BREAKAGES.length);
    for (const { caughtBy } of BREAKAGES) expect(ALL).toContain(caughtBy);
  });

  it("are all on the list", () => {
    const transports = new URL("../broken/transports/", import.meta.url);
    const declared = readdirSync(transports).flatMap(
      (file) =>
        readFileSync(new URL(file, transports), "utf8").match(/^export const \w+: Breakage\b/gm) ?? [],
    );
    expect(declared.length).toBe(BREAKAGES.length);
  });
});
