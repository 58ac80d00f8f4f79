import { expect, it } from "vitest";
import { HEADER, type Headers } from "../../message/headers.ts";
import { truncatedFailure } from "./truncated-failure.ts";

it("says less each time, the code for longest, and in the end nothing", () => {
  let headers: Headers = { [HEADER.failureCode]: "handler-failed", [HEADER.failureMessage]: "x".repeat(200) };
  const said: (readonly [string | undefined, number | undefined])[] = [];
  while (Object.keys(headers).length > 0) {
    headers = truncatedFailure(headers);
    said.push([headers[HEADER.failureCode], headers[HEADER.failureMessage]?.length]);
  }
  expect(said).toEqual([
    ["handler-failed", 100],
    ["handler-failed", 50],
    ["handler-failed", undefined],
    [undefined, undefined],
  ]);
});
