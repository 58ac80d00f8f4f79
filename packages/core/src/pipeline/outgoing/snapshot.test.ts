import fc from "fast-check";
import { expect, it } from "vitest";
import { copyOfOptions, snapshotOf } from "./snapshot.ts";

it("a snapshot of data is encoded to the same bytes as the data", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.stringify(snapshotOf(value))).toBe(JSON.stringify(value));
    }),
  );
});

it("a snapshot does not change when lists, objects, instances, dates or bytes of the data change", () => {
  class Line {
    readonly items = [1];
    count = 1;
  }
  const data = { list: [{ n: 1 }], line: new Line(), at: new Date(0), bytes: Uint8Array.of(1), none: null };
  const copy = snapshotOf(data) as typeof data;
  data.list.push({ n: 2 });
  data.line.items.push(2);
  data.line.count = 2;
  data.at.setTime(1);
  data.bytes[0] = 2;
  expect(copy).toEqual({
    list: [{ n: 1 }],
    line: Object.assign(new Line(), { count: 1, items: [1] }),
    at: new Date(0),
    bytes: Uint8Array.of(1),
    none: null,
  });
  expect(copy.line).toBeInstanceOf(Line);
});

it("a snapshot keeps values that cannot be copied, and the codec checks them", () => {
  const map = new Map([[1, 2]]);
  const url = new URL("https://example.org");
  const broken = {
    get x(): number {
      throw new Error("no");
    },
  };
  const copy = snapshotOf({ map, url }) as { map: unknown; url: unknown };
  expect(copy.map).toBe(map);
  expect(copy.url).toBe(url);
  expect(snapshotOf(broken)).toBe(broken);
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  expect(() => snapshotOf(cyclic)).not.toThrow();
  expect(JSON.stringify(snapshotOf(JSON.parse('{"__proto__": {"a": 1}}')))).toBe('{"__proto__":{"a":1}}');
});

it("a snapshot contains a copy of the options too", () => {
  const said = { deliverAt: new Date(0), extensions: { subject: "a" }, correlationId: "c" };
  const copy = copyOfOptions(said);
  said.deliverAt.setTime(1);
  said.extensions.subject = "b";
  expect(copy).toEqual({ deliverAt: new Date(0), extensions: { subject: "a" }, correlationId: "c" });
  expect(copyOfOptions({})).toEqual({});
});
