import { seededRandom } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { Names } from "./names.ts";

it("creates names that differ within a run and between runs, and that every broker accepts", () => {
  const [one, other] = [new Names(seededRandom(1)), new Names(seededRandom(2))];
  const made = [one, other].flatMap((names) =>
    Array.from({ length: 100 }, () => [names.next("queue"), names.id()]).flat(),
  );
  expect(new Set(made).size).toBe(made.length);
  for (const name of made) expect(name).toMatch(/^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/);
});
