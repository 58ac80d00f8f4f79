import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LONGEST_REPLY_ADDRESS,
  MOST_ATTEMPTS,
  isFailureHeader,
  isReplyAddress,
  moveFailureHeadersAside,
  readAttempt,
  readDueTime,
  readLane,
} from "./wire-headers.ts";

const ANYTHING = fc.oneof(
  fc.anything(),
  fc.string({ unit: "binary" }),
  fc.bigInt().map(String),
  fc.double().map(String),
);

describe("a header with any content", () => {
  it("gives a whole number in its range, or none", () => {
    fc.assert(
      fc.property(ANYTHING, fc.integer({ min: 1, max: 256 }), fc.nat(), (text, lanes, now) => {
        const [lane, attempt, due] = [
          readLane(text, lanes),
          readAttempt(text),
          readDueTime(text, now, 1_000),
        ];
        if (lane !== undefined) expect(Number.isInteger(lane) && lane >= 0 && lane < lanes).toBe(true);
        if (attempt !== undefined)
          expect(Number.isInteger(attempt) && attempt >= 1 && attempt <= MOST_ATTEMPTS).toBe(true);
        if (due !== undefined)
          expect(Number.isInteger(due) && due >= 0 && due <= now + 86_401_000).toBe(true);
      }),
    );
  });

  it("gives the number that was written, when it is in range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MOST_ATTEMPTS }), (attempt) => {
        expect(readAttempt(String(attempt))).toBe(attempt);
        expect(readLane(String(attempt), attempt + 1)).toBe(attempt);
        expect(readDueTime(String(attempt), 0, MOST_ATTEMPTS)).toBe(attempt);
      }),
    );
  });

  it("gives a reply address that is short and of printable ASCII, or none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (!isReplyAddress(`a${text}`, "a")) return;
        expect(text.length).toBeLessThan(LONGEST_REPLY_ADDRESS);
        expect(text).toMatch(/^[!-~]+$/);
        expect(text).not.toMatch(/[*>#]/);
      }),
    );
  });

  it("reads as no failure header once it is renamed, and keeps its value", () => {
    const names = fc.oneof(fc.string(), fc.stringMatching(/^%{0,3}waybill-failure-[a-z]{0,5}$/));
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (headers) => {
        const aside = moveFailureHeadersAside(headers);
        expect(Object.keys(aside).some(isFailureHeader)).toBe(false);
        expect(new Set(Object.values(aside)).size).toBeLessThanOrEqual(new Set(Object.values(headers)).size);
      }),
    );
  });
});
