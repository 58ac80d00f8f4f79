import { expect, it } from "vitest";
import { HEADER } from "../../message/headers.ts";
import { headersAside } from "./headers-aside.ts";

const read = (foreign: Record<string, unknown>): unknown =>
  JSON.parse(headersAside(foreign)[HEADER.setAside] ?? "");

it("writes every value as readable JSON", () => {
  const foreign = {
    text: "größe \u{1f600}",
    list: [1, true, null],
    table: { inner: { deep: "x" } },
    large: 2n ** 64n,
    infinite: Number.POSITIVE_INFINITY,
    bytes: Uint8Array.of(1, 2, 255),
    buffer: { inner: Buffer.from("abc") },
    nothing: undefined,
  };
  expect(read(foreign)).toEqual({
    text: "größe \u{1f600}",
    list: [1, true, null],
    table: { inner: { deep: "x" } },
    large: "18446744073709551616",
    infinite: "Infinity",
    bytes: "base64:AQL/",
    buffer: { inner: "base64:YWJj" },
    nothing: "undefined",
  });
});

it("writes one line of ASCII for any names and values", () => {
  const [text] = Object.values(headersAside({ "na\r\nme ü": "a\u0000b\r\nc\u{1f600}", __proto__: "x" }));
  expect(text).toMatch(/^[\x20-\x7e]*$/);
});

it("keeps the other headers when one of them cannot be written", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  expect(read({ cyclic, good: "kept" })).toEqual({
    cyclic: "(nested too deeply to be written)",
    good: "kept",
  });
});
