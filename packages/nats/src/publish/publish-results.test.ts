import { describe, expect, it } from "vitest";
import { lineProblem, resultIn } from "./publish-results.ts";

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

function refused(code: number): unknown {
  const result = resultIn(
    json({ error: { code: 503, err_code: code, description: "because" }, stream: "s", seq: 0 }),
  );
  return typeof result === "object" && !result.ok ? result.error : result;
}

describe("the result of a publish", () => {
  it("is stored, also for a duplicate", () => {
    expect(resultIn(json({ stream: "s", seq: 1 }))).toEqual({ ok: true });
    expect(resultIn(json({ stream: "s", seq: 1, duplicate: true }))).toEqual({ ok: true });
    expect(resultIn(json({ domain: "hub", stream: "s", seq: 1 }))).toEqual({ ok: true });
  });

  it("is 'no responders' for an empty answer", () => {
    expect(resultIn(new Uint8Array())).toBe("no responders");
  });

  it.each([
    [10_077, "rejected"],
    [10_054, "too-large"],
    [10_097, "too-large"],
    [10_023, "blocked"],
    [10_047, "blocked"],
    [10_008, "disconnected"],
    [1, "rejected"],
  ])("is a refusal with the server's reason, and error %d has the code %s", (code, expected) => {
    expect(refused(code)).toMatchObject({ code: expected, maybeStored: false });
    expect(JSON.stringify(refused(code))).toContain(`because (${code})`);
  });

  it.each([
    [
      "is still processing the original",
      { code: 409, err_code: 10_158, description: "duplicate message id is in process" },
    ],
    ["is no longer the leader", { code: 503, description: "raft: not leader" }],
    ["is shutting down", { code: 503, err_code: 10_077, description: "store is closed" }],
  ])("is a temporary failure, maybe stored, when the server %s", (_, error) => {
    expect(resultIn(json({ error, stream: "s", seq: 0 }))).toMatchObject({
      ok: false,
      error: { code: "disconnected", maybeStored: true },
    });
  });

  it("is a temporary failure, maybe stored, for a duplicate with the sequence 0: servers before 2.11 answer that without a majority", () => {
    expect(resultIn(Buffer.from('{"stream":"s","seq":0,"duplicate": true}'))).toMatchObject({
      ok: false,
      error: { code: "disconnected", maybeStored: true },
    });
    expect(resultIn(Buffer.from('{"stream":"s","seq":10,"duplicate": true}'))).toEqual({ ok: true });
  });

  it("is maybe stored when the answer is invalid JSON", () => {
    expect(resultIn(Buffer.from("?????"))).toMatchObject({ ok: false, error: { maybeStored: true } });
  });
});

describe("the protocol line of a message", () => {
  it("is refused for good if it is too long for the server, with a long subject or a long reply subject", () => {
    expect(lineProblem("a".repeat(4_000))).toBeUndefined();
    for (const [subject, reply] of [
      ["a".repeat(4_096), undefined],
      ["a".repeat(2_000), "b".repeat(2_100)],
      ["ä".repeat(2_100), undefined],
    ] as const)
      expect(lineProblem(subject, reply)).toMatchObject({ error: { code: "rejected", maybeStored: false } });
  });
});
