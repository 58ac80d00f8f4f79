import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deadLettersName,
  groupName,
  historyName,
  liveExchangeName,
  laneIn,
  lockName,
  membersName,
  backfillName,
  entityIn,
  laneName,
  routingWord,
} from "./names.ts";

const NAME = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);
const LANE = fc.option(fc.nat({ max: 255 }), { nil: undefined });

/** Returns every queue name of a contract and a group, with its meaning. */
function queues(name: string, group: string, lane: number | undefined): ReadonlyMap<string, string> {
  const own = groupName(name, group);
  return new Map([
    [laneName(name, lane), `queue ${name} lane ${lane}`],
    [laneName(own, lane), `group ${group} of ${name} lane ${lane}`],
    [laneName(backfillName(own), lane), `backfill of ${group} of ${name} lane ${lane}`],
    [liveExchangeName(own), `live exchange of ${group} of ${name}`],
    [lockName(own), `lock ${group} of ${name}`],
    [membersName(name), `members ${name}`],
    [membersName(own), `members of ${group} of ${name}`],
    [historyName(name), `history ${name}`],
    [deadLettersName(group), `dead letters ${group}`],
  ]);
}

describe("names on the broker", () => {
  it("are distinct, at most 255 bytes long, and contain their lane", () => {
    fc.assert(
      fc.property(fc.tuple(NAME, NAME, LANE), fc.tuple(NAME, NAME, LANE), (one, other) => {
        const mine = queues(...one);
        for (const [queue, meaning] of queues(...other))
          expect([meaning, undefined]).toContain(mine.get(queue));
        expect(mine.size).toBe(9);
        for (const queue of mine.keys()) expect(Buffer.byteLength(queue)).toBeLessThanOrEqual(255);
        expect(laneIn(laneName(groupName(one[0], one[1]), one[2]))).toBe(one[2]);
      }),
    );
  });

  it("have distinct routing words, which leave 64 bytes for the digits of a delay", () => {
    const words = new Set<string>();
    fc.assert(
      fc.property(NAME, NAME, LANE, (name, group, lane) => {
        for (const kind of ["queue", "exchange"] as const) {
          const word = routingWord(kind, laneName(groupName(name, group), lane));
          expect(word).not.toMatch(/[.*#]/);
          expect(Buffer.byteLength(word)).toBeLessThanOrEqual(255 - 64);
          words.add(word);
        }
      }),
      { numRuns: 50 },
    );
    expect(words.size).toBeGreaterThanOrEqual(90); // fast-check may draw a name twice
  });

  it("can be read from their routing word, unless it ends in a hash", () => {
    fc.assert(
      fc.property(
        fc.tuple(NAME, NAME, LANE),
        fc.constantFrom("queue", "exchange"),
        ([name, group, lane], kind) => {
          const full = laneName(groupName(name, group), lane);
          const found = entityIn(`0.1.${routingWord(kind, full)}`);
          if (`${kind}/${full}`.length < 150) expect(found).toEqual({ kind, name: full });
          else expect(found).toBeUndefined();
        },
      ),
    );
    for (const other of ["", "queue", "0.1.queue/", "1.reply/a", "queue/a.b"])
      expect(entityIn(other)).toBeUndefined();
  });

  it("have distinct routing words even if they differ only beyond the length of a word", () => {
    const long = (end: string) => groupName("t".repeat(100), `${"g".repeat(99)}${end}`);
    expect(routingWord("queue", long("a"))).not.toBe(routingWord("queue", long("b")));
    expect(routingWord("queue", "a.b")).not.toBe(routingWord("exchange", "a.b"));
  });
});
