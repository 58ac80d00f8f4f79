import { expect, it } from "vitest";
import { utf8 } from "../runtime/bytes.ts";
import { laneOf, murmur2 } from "./lane.ts";

/** The vectors of the Java Kafka client's UtilsTest, testMurmur2. */
it.each([
  ["21", -973_932_308],
  ["foobar", -790_332_482],
  ["a-little-bit-long-string", -985_981_536],
  ["a-little-bit-longer-string", -1_486_304_829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971],
  ["abc", 479_470_107],
])("hashes %s like the Java client", (key, hash) => {
  expect(murmur2(utf8(key))).toBe(hash);
  expect(laneOf(key, 7)).toBe((hash & 0x7fff_ffff) % 7);
  expect(laneOf(utf8(key), 7)).toBe(laneOf(key, 7));
});

it("assigns one lane to each key, and uses all lanes", () => {
  const lanes = new Set(Array.from({ length: 200 }, (_, at) => laneOf(`key-${at}`, 8)));
  expect(lanes).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  expect(laneOf("ключ", 5)).toBe(laneOf("ключ", 5));
  expect(laneOf("", 5)).toBeGreaterThanOrEqual(0);
});
