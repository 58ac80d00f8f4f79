import { expect, it } from "vitest";
import { batchByPartition, type Outgoing } from "./partition-batches.ts";

function placed(at: number, [topic, partition]: readonly [string, number], size: number): Outgoing {
  const record = { key: null, value: null, headers: {}, timestamp: 0 };
  return { at, partition, size, mayCompress: false, record, route: { topic, partition } };
}

it("forms one batch for each partition and round, in order, none larger than the broker takes", () => {
  const all = [
    placed(0, ["a", 0], 60),
    placed(1, ["a", 1], 60),
    placed(2, ["a", 0], 60),
    placed(3, ["b", 0], 10),
    placed(4, ["a", 0], 30),
    placed(5, ["b", 0], 200),
    placed(6, ["b", 0], 1),
  ];
  const rounds = batchByPartition(all, 100).map((round) =>
    round.map(({ topic, partition, entries }) => [topic, partition, entries.map(({ at }) => at)]),
  );
  expect(rounds).toEqual([
    [
      ["a", 0, [0]],
      ["a", 1, [1]],
      ["b", 0, [3]],
    ],
    [
      ["a", 0, [2, 4]],
      ["b", 0, [5]],
    ],
    [["b", 0, [6]]],
  ]);
});
