import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  OWNER,
  consumerName,
  deadLettersStream,
  deadLettersSubject,
  groupConsumer,
  groupSubject,
  isPlain,
  queueStream,
  queueSubject,
  topicStream,
  topicSubject,
} from "./names.ts";

const NAME = fc.stringMatching(/^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/).filter((name) => name.length <= 100);
const LANE = fc.option(fc.nat({ max: 255 }), { nil: undefined });

/** Returns whether a subject matches a pattern (NATS: wildcards). */
function covers(pattern: string, subject: string): boolean {
  const [expected, tokens] = [pattern.split("."), subject.split(".")];
  return (
    expected.length === tokens.length && expected.every((token, at) => token === "*" || token === tokens[at])
  );
}

describe("names on the server", () => {
  it("have no characters that streams or consumers may not have, and are short enough", () => {
    fc.assert(
      fc.property(NAME, LANE, (name, lane) => {
        const streams = [queueStream(name), topicStream(name), deadLettersStream(name)];
        const consumers = [consumerName(OWNER, lane), consumerName(groupConsumer(name), lane)];
        expect(new Set(streams).size).toBe(3);
        for (const one of [...streams, ...consumers]) {
          expect(one).toMatch(/^[^\s.*>\\/]+$/);
          expect(one.length).toBeLessThanOrEqual(255);
        }
      }),
    );
  });

  it("never collide: two contract names have different streams, and no stream takes a subject of the other", () => {
    fc.assert(
      fc.property(NAME, NAME, LANE, (one, other, lane) => {
        fc.pre(one !== other);
        expect(queueStream(one)).not.toBe(queueStream(other));
        expect(groupConsumer(one)).not.toBe(groupConsumer(other));
        const patterns = [
          queueSubject(one, "*"),
          topicSubject(one, "*"),
          groupSubject(one, "*", "*"),
          deadLettersSubject(one),
        ];
        const subjects = [
          queueSubject(other, lane),
          topicSubject(other, lane),
          groupSubject(other, one, lane),
          deadLettersSubject(other),
        ];
        for (const pattern of patterns)
          for (const subject of subjects)
            expect([pattern, subject, covers(pattern, subject)]).toEqual([pattern, subject, false]);
      }),
    );
  });

  it("match the subjects of their own stream", () => {
    fc.assert(
      fc.property(NAME, NAME, LANE, (name, group, lane) => {
        expect(covers(queueSubject(name, "*"), queueSubject(name, lane))).toBe(true);
        expect(covers(topicSubject(name, "*"), topicSubject(name, lane))).toBe(true);
        expect(covers(groupSubject(name, "*", "*"), groupSubject(name, group, lane))).toBe(true);
      }),
    );
  });

  it.each(["", "a b", "a.*", ">", "a..b", ".a", "a.", "ä", "a\n"])(
    "may not contain wildcards, spaces or empty tokens: %j",
    (name) => {
      expect(isPlain(name)).toBe(false);
    },
  );
});
