import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deadLettersName,
  groupName,
  historyName,
  joiningName,
  laneIn,
  lockName,
  membersName,
  pastName,
  placeIn,
  placeName,
  routingWord,
} from "./names.ts";

const NAME = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);
const LANE = fc.option(fc.nat({ max: 255 }), { nil: undefined });

/** Every queue name that can come of these, with what it is for. */
function queues(name: string, group: string, lane: number | undefined): ReadonlyMap<string, string> {
  const own = groupName(name, group);
  return new Map([
    [placeName(name, lane), `queue ${name} lane ${lane}`],
    [placeName(own, lane), `group ${group} of ${name} lane ${lane}`],
    [placeName(pastName(own), lane), `past of ${group} of ${name} lane ${lane}`],
    [joiningName(own), `joining ${group} of ${name}`],
    [lockName(own), `lock ${group} of ${name}`],
    [membersName(name), `members ${name}`],
    [membersName(own), `members of ${group} of ${name}`],
    [historyName(name), `history ${name}`],
    [deadLettersName(group), `dead letters ${group}`],
  ]);
}

describe("names on the broker", () => {
  it("never meet, are short enough, and tell their lane", () => {
    fc.assert(
      fc.property(fc.tuple(NAME, NAME, LANE), fc.tuple(NAME, NAME, LANE), (one, other) => {
        const mine = queues(...one);
        for (const [queue, meaning] of queues(...other))
          expect([meaning, undefined]).toContain(mine.get(queue));
        expect(mine.size).toBe(9);
        for (const queue of mine.keys()) expect(Buffer.byteLength(queue)).toBeLessThanOrEqual(255);
        expect(laneIn(placeName(groupName(one[0], one[1]), one[2]))).toBe(one[2]);
      }),
    );
  });

  it("make one word each for the delays, which leaves room for 64 bytes of digits", () => {
    const words = new Set<string>();
    fc.assert(
      fc.property(NAME, NAME, LANE, (name, group, lane) => {
        for (const kind of ["queue", "exchange"] as const) {
          const word = routingWord(kind, placeName(groupName(name, group), lane));
          expect(word).not.toMatch(/[.*#]/);
          expect(Buffer.byteLength(word)).toBeLessThanOrEqual(255 - 64);
          words.add(word);
        }
      }),
      { numRuns: 50 },
    );
    expect(words.size).toBeGreaterThanOrEqual(90); // fast-check may draw a name twice
  });

  it("are told by their word, unless that ends in a hash", () => {
    fc.assert(
      fc.property(
        fc.tuple(NAME, NAME, LANE),
        fc.constantFrom("queue", "exchange"),
        ([name, group, lane], kind) => {
          const place = placeName(groupName(name, group), lane);
          const found = placeIn(`0.1.${routingWord(kind, place)}`);
          if (`${kind}/${place}`.length < 150) expect(found).toEqual({ kind, name: place });
          else expect(found).toBeUndefined();
        },
      ),
    );
    for (const other of ["", "queue", "0.1.queue/", "1.reply/a", "queue/a.b"])
      expect(placeIn(other)).toBeUndefined();
  });

  it("keep names apart that differ beyond what fits into a word", () => {
    const long = (end: string) => groupName("t".repeat(100), `${"g".repeat(99)}${end}`);
    expect(routingWord("queue", long("a"))).not.toBe(routingWord("queue", long("b")));
    expect(routingWord("queue", "a.b")).not.toBe(routingWord("exchange", "a.b"));
  });
});
