import { describe, expect, it } from "vitest";
import { differences } from "./drift.ts";

describe("drift", () => {
  it("is empty when all declared properties are equal, and ignores other properties that the server reports", () => {
    const declared = { name: "s", subjects: ["b", "a"], max_age: 5_000_000 };
    expect(differences("stream s", declared, { ...declared, subjects: ["a", "b"], max_bytes: -1 })).toEqual(
      [],
    );
  });

  it("names each property that differs, with times in milliseconds", () => {
    const found = differences(
      "stream s",
      { max_age: 5_000_000, num_replicas: 3 },
      { max_age: 0, num_replicas: 1 },
    );
    expect(found).toEqual([
      { kind: "different", entity: "stream s", property: "max_age", expected: "5 ms", actual: "0 ms" },
      { kind: "different", entity: "stream s", property: "num_replicas", expected: "3", actual: "1" },
    ]);
  });

  it("names a property that an old server silently drops", () => {
    const [dropped] = differences("stream s", { allow_direct: true }, {});
    expect(dropped).toMatchObject({ property: "allow_direct", expected: "true", actual: "none" });
  });
});
