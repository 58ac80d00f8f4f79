import { describe, expect, it } from "vitest";
import { lineProblem, resultIn } from "./publish-results.ts";

const said = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

function refused(code: number): unknown {
  const result = resultIn(
    said({ error: { code: 503, err_code: code, description: "because" }, stream: "s", seq: 0 }),
  );
  return typeof result === "object" && !result.ok ? result.error : result;
}

describe("what the server answers to a publish", () => {
  it("is stored, also when it had the message already", () => {
    expect(resultIn(said({ stream: "s", seq: 1 }))).toEqual({ ok: true });
    expect(resultIn(said({ stream: "s", seq: 1, duplicate: true }))).toEqual({ ok: true });
    expect(resultIn(said({ domain: "hub", stream: "s", seq: 1 }))).toEqual({ ok: true });
  });

  it("is nothing where nobody listens", () => {
    expect(resultIn(new Uint8Array())).toBe("nobody");
  });

  it.each([
    [10_077, "rejected"],
    [10_054, "too-large"],
    [10_097, "too-large"],
    [10_023, "blocked"],
    [10_047, "blocked"],
    [10_008, "disconnected"],
    [1, "rejected"],
  ])("is a refusal with the reason: error %d is %s", (code, expected) => {
    expect(refused(code)).toMatchObject({ code: expected, maybeStored: false });
    expect(JSON.stringify(refused(code))).toContain(`because (${code})`);
  });

  it.each([
    [
      "is in process elsewhere",
      { code: 409, err_code: 10_158, description: "duplicate message id is in process" },
    ],
    ["meets a server that leads no more", { code: 503, description: "raft: not leader" }],
    ["meets a server that closes", { code: 503, err_code: 10_077, description: "store is closed" }],
  ])("may be stored yet where it %s, and is worth another try", (_, error) => {
    expect(resultIn(said({ error, stream: "s", seq: 0 }))).toMatchObject({
      ok: false,
      error: { code: "disconnected", maybeStored: true },
    });
  });

  it("may be stored yet where the server knows it and has no place for it: servers before 2.11 answer so without a majority", () => {
    expect(resultIn(Buffer.from('{"stream":"s","seq":0,"duplicate": true}'))).toMatchObject({
      ok: false,
      error: { code: "disconnected", maybeStored: true },
    });
    expect(resultIn(Buffer.from('{"stream":"s","seq":10,"duplicate": true}'))).toEqual({ ok: true });
  });

  it("may be stored where the answer cannot be read", () => {
    expect(resultIn(Buffer.from("?????"))).toMatchObject({ ok: false, error: { maybeStored: true } });
  });
});

describe("the line of a message", () => {
  it("is refused for good above what the server reads, whatever makes it long", () => {
    expect(lineProblem("a".repeat(4_000))).toBeUndefined();
    for (const [subject, reply] of [
      ["a".repeat(4_096), undefined],
      ["a".repeat(2_000), "b".repeat(2_100)],
      ["ä".repeat(2_100), undefined],
    ] as const)
      expect(lineProblem(subject, reply)).toMatchObject({ error: { code: "rejected", maybeStored: false } });
  });
});
