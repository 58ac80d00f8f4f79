import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BROKEN_TRANSPORTS } from "../broken/broken-transports.ts";
import { SCENARIOS } from "./all-scenarios.ts";

const ALL = SCENARIOS.flatMap(({ scenarios }) => scenarios);

describe("the scenarios", () => {
  it("have unique names, each a sentence without a full stop", () => {
    const names = ALL.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z].{20,}[^.]$/);
  });

  it("are all listed: every file of every group is imported once", () => {
    const here = new URL(".", import.meta.url);
    const files = SCENARIOS.flatMap(({ name }) => readdirSync(new URL(name, here)));
    // Each folder has a group.ts, and one file defines the four batch scenarios.
    expect(files.length).toBe(ALL.length + SCENARIOS.length - 3);
  });
});

describe("the broken transports", () => {
  it("break one promise each, and are caught by a listed scenario", () => {
    expect(new Set(BROKEN_TRANSPORTS.map(({ does }) => does)).size).toBe(BROKEN_TRANSPORTS.length);
    for (const { caughtBy } of BROKEN_TRANSPORTS) expect(ALL).toContain(caughtBy);
  });

  it("are all listed", () => {
    const transports = new URL("../broken/transports/", import.meta.url);
    const declared = readdirSync(transports).flatMap(
      (file) =>
        readFileSync(new URL(file, transports), "utf8").match(/^export const \w+: BrokenTransport\b/gm) ?? [],
    );
    expect(declared.length).toBe(BROKEN_TRANSPORTS.length);
  });
});
