import { describe, expect, it } from "vitest";
import { HEADER } from "./headers.ts";
import {
  isFailureHeader,
  isReplyAddress,
  moveFailureHeadersAside,
  readAttempt,
  readDueTime,
  readId,
  readLane,
} from "./wire-headers.ts";

const NO_NUMBERS = [
  "",
  " 1",
  "1 ",
  "01",
  "+1",
  "-1",
  "-0",
  "1.5",
  "1e3",
  "0x10",
  "NaN",
  "Infinity",
  "٣",
  "1\n",
];

describe("a lane", () => {
  it("is below the number of lanes", () => {
    expect(["0", "3", 2].map((text) => readLane(text, 4))).toEqual([0, 3, 2]);
    for (const text of [...NO_NUMBERS, "4", "9007199254740993", undefined, null, {}, []])
      expect(readLane(text, 4)).toBeUndefined();
  });

  it("is ignored on a source without lanes", () => {
    expect(readLane("0", undefined)).toBeUndefined();
  });
});

describe("an attempt", () => {
  it("is a whole number from 1 that a policy allows", () => {
    expect(["1", "1000", 7].map(readAttempt)).toEqual([1, 1_000, 7]);
    for (const text of [...NO_NUMBERS, "0", "-1000000", "9000000000000000", "1000001", undefined])
      expect(readAttempt(text)).toBeUndefined();
  });
});

describe("a due time", () => {
  it("is in the past, or at most the longest delay and a day ahead", () => {
    const [now, longest] = [1_700_000_000_000, 60_000];
    expect(readDueTime("5", now, longest)).toBe(5);
    expect(readDueTime(String(now + longest), now, longest)).toBe(now + longest);
    expect(readDueTime(String(now + longest + 86_400_001), now, longest)).toBeUndefined();
    for (const text of [...NO_NUMBERS, "9007199254740991", "1e300"])
      expect(readDueTime(text, now, longest)).toBeUndefined();
  });
});

describe("a reply address", () => {
  const form = /^_INBOX\.waybill\.reply\.[0-9a-f]{4}$/;
  it("has the form of the transport", () => {
    expect(isReplyAddress("_INBOX.waybill.reply.00ff", form)).toBe(true);
    expect(isReplyAddress("memory-reply:0", "memory-reply:")).toBe(true);
    for (const text of [
      "",
      "memory-reply:",
      "x",
      ">",
      "*",
      "_INBOX.waybill.reply.00ff\n",
      undefined,
      5,
      {},
    ]) {
      expect(isReplyAddress(text, "memory-reply:")).toBe(false);
      expect(isReplyAddress(text, form)).toBe(false);
    }
  });

  it("is short, without spaces and wildcards", () => {
    expect(isReplyAddress(`a.${"b".repeat(253)}`, "a.")).toBe(true);
    expect(isReplyAddress(`a.${"b".repeat(254)}`, "a.")).toBe(false);
    for (const text of ["a. b", "a.*", "a.>", "a.#", "a.\u0000", "a.\r\nPUB x", "a.ä"])
      expect(isReplyAddress(text, "a.")).toBe(false);
  });
});

describe("an id", () => {
  it("is a text that is neither empty nor longer than a header may be", () => {
    expect(readId("x")).toBe("x");
    for (const text of ["", "x".repeat(65_536), undefined, 5]) expect(readId(text)).toBeUndefined();
  });
});

describe("failure headers", () => {
  const forged = {
    "%waybill-failure-source": "queue:victim",
    "%%Waybill-Failure-Lane": "7",
    [HEADER.failureCode]: "forged",
    other: "kept",
  };

  it("are recognised, also by an escaped name", () => {
    expect(Object.keys(forged).map(isFailureHeader)).toEqual([true, true, true, false]);
    expect(isFailureHeader("%waybill-lane")).toBe(false);
  });

  it("of a foreign message are renamed, so that nobody takes them for ours", () => {
    expect(moveFailureHeadersAside(forged)).toEqual({
      "foreign-waybill-failure-source": "queue:victim",
      "foreign-Waybill-Failure-Lane": "7",
      "foreign-waybill-failure-code": "forged",
      other: "kept",
    });
  });

  it("are renamed without a change of other headers, `__proto__` too", () => {
    const plain: Readonly<Record<string, string>> = { a: "1" };
    expect(moveFailureHeadersAside(plain)).toBe(plain);
    const odd = JSON.parse('{"__proto__":"x","waybill-failure-code":"y"}') as Record<string, string>;
    expect(Object.entries(moveFailureHeadersAside(odd))).toEqual([
      ["__proto__", "x"],
      ["foreign-waybill-failure-code", "y"],
    ]);
  });
});
