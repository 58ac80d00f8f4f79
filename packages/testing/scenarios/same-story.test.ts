import { createHash } from "node:crypto";
import { explore } from "@waybill/testing";
import { describe, expect, it } from "vitest";
import { BUG_CORPUS } from "../bug-corpus/cases/all-cases.ts";

/** The number of stories that the snapshot shows in full; the others are fingerprints. */
const FULL_STORIES = 4;

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

describe("the same seed", () => {
  it("tells the same story on every machine and every version of Node", { timeout: 120_000 }, async () => {
    const texts: string[] = [];
    for (const [at, { name, make }] of BUG_CORPUS.entries()) {
      const { failure, runs } = await explore((world) => make(world, false), { seed: 20_261_124 });
      const { story = [], path = "none", timeline = [] } = failure ?? {};
      const head = `${name}: after ${runs} schedules, ${path}, ${story.length} lines, ${fingerprint(JSON.stringify(timeline))}`;
      texts.push(at < FULL_STORIES ? [head, ...story.map((line) => `  ${line}`)].join("\n") : head);
    }
    await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot("same-story.txt");
  });
});
