import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessagingError } from "./messaging-error.ts";
import { atMost, printable } from "./printable.ts";

describe("a printable text", () => {
  it("is one line, without characters that a terminal interprets", () => {
    expect(printable("a\r\nb\tc\u001b[31m\u0000\u2028\u202e")).toBe(
      "a\\r\\nb\\tc\\u001b[31m\\u0000\\u2028\\u202e",
    );
    expect(printable("\ud800 lone \udc00")).toBe("\\ud800 lone \\udc00");
    expect(printable("plain ä 漢 😀")).toBe("plain ä 漢 😀");
  });

  it("has no control character, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(printable(text)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });
});

describe("a bounded text", () => {
  it("has at most the given length, and an ellipsis for the rest", () => {
    expect(atMost("four", 4)).toBe("four");
    expect(atMost("fives", 4)).toBe("fiv…");
    expect(atMost("ab😀cd", 4)).toBe("ab…");
  });
});

describe("the text of an error", () => {
  it("is one line of a bounded length, with any ids and remote texts", () => {
    const what = `Message evil\n2026-01-01 INFO all is well ${"x".repeat(1_000_000)}`;
    const { message } = new MessagingError("undecodable", { what, advice: "Look." });
    expect(message).toMatch(/^Message evil\\n2026/);
    expect(message.length).toBeLessThan(20_000);
  });
});
