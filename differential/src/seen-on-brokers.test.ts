import { readdirSync, readFileSync } from "node:fs";
import type { ProfileName } from "@waybill/testing/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describe as inWords, sequences } from "./commands.ts";
import { compare } from "./compare.ts";
import { readCommand, readFinding, textOf } from "./finding-text.ts";

/** Each a finding as the tool has printed it, below the profile and why the tool was wrong about it. */
const FOLDER = new URL("../seen/", import.meta.url);
const FILES = readdirSync(FOLDER).map((file) => {
  const [headline = "", ...rest] = readFileSync(new URL(file, FOLDER), "utf8").split("\n");
  const [profile, because] = headline.split(": ");
  return { profile, because, text: rest.join("\n") };
});

describe("what was seen on a real broker", () => {
  it.each(FILES)("is allowed on $profile: $because", { timeout: 60_000 }, async ({ profile, text }) => {
    const { commands, outcome } = readFinding(text);
    expect(outcome.size).toBeGreaterThan(0);
    expect(await compare(commands, outcome, profile as ProfileName)).toEqual([]);
  });

  it("is read again as it was printed", () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const difference = { line: "end", real: "all is well", allowed: ["nothing", "less"] };
        const { commands: read, outcome } = readFinding(textOf({ commands, differences: [difference] }));
        expect(read.map(inWords)).toEqual(commands.map(inWords));
        expect([...outcome]).toEqual([["end", "all is well"]]);
      }),
    );
    expect(() => readCommand("dance")).toThrow('"dance" is no command');
  });
});
