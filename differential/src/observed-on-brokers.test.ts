import { readdirSync, readFileSync } from "node:fs";
import type { ProfileName } from "@waybill/testing/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandText, sequences } from "./commands.ts";
import { compare } from "./search/compare.ts";
import { readCommand, readFinding, findingText } from "./finding-text.ts";

/** Each file holds a printed finding; its first line names the profile and the behaviour that the profile must allow. */
const FOLDER = new URL("../observed/", import.meta.url);
const FILES = readdirSync(FOLDER).map((file) => {
  const [headline = "", ...rest] = readFileSync(new URL(file, FOLDER), "utf8").split("\n");
  const [profile, behaviour] = headline.split(": ");
  return { profile, behaviour, text: rest.join("\n") };
});

describe("behaviour observed on a real broker", () => {
  it.each(FILES)(
    "the $profile profile allows: $behaviour",
    { timeout: 60_000 },
    async ({ profile, text }) => {
      const { commands, outcome } = readFinding(text);
      expect(outcome.size).toBeGreaterThan(0);
      expect(await compare(commands, outcome, profile as ProfileName)).toEqual([]);
    },
  );

  it("a printed finding is read back unchanged", () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const difference = { line: "end", real: "all is well", allowed: ["nothing", "less"] };
        const { commands: read, outcome } = readFinding(findingText({ commands, differences: [difference] }));
        expect(read.map(commandText)).toEqual(commands.map(commandText));
        expect([...outcome]).toEqual([["end", "all is well"]]);
      }),
    );
    expect(() => readCommand("dance")).toThrow('unknown command "dance"');
  });
});
