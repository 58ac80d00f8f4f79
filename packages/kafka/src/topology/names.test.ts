import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Names, deadLetterTopicName, groupId, delayTopicName } from "./names.ts";

const names = new Names();

/** Kafka's own check of two names (org.apache.kafka.common.internals.Topic.hasCollision). */
const metric = (name: string): string => name.replaceAll(".", "_");

describe("the names of topics", () => {
  it("differ for contracts with similar names, also in Kafka's metrics", () => {
    const base = [
      ...["orders.a", "orders-a", "orders_a", "orders.a_b", "orders.a.b", "orders_a.b", "orders_a_b"],
      ...["orders.A", "orders.a.dead", "orders.a_queue", "orders_a_to_b", "orders.a_dead-letters"],
      ...["x", "y"].map((end) => `orders.${"a_".repeat(46)}${end}`),
    ];
    const all = base.flatMap((name) => [
      names.topic(name),
      names.queue(name),
      names.groupTopic(name, "svc.x"),
      delayTopicName(names.queue(name)),
      delayTopicName(names.groupTopic(name, "svc_x.y")),
      deadLetterTopicName(name),
    ]);
    expect(new Set(all.map(metric)).size).toBe(all.length);
  });

  it("fit Kafka's 249 characters, whatever the contracts' names", () => {
    for (const long of ["x".repeat(100), `${"a_".repeat(49)}bb`, `a.${"b_".repeat(48)}cc`]) {
      const name = delayTopicName(names.groupTopic(long, long));
      expect(name.length).toBeLessThanOrEqual(249);
      expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
    }
  });

  it("differ in more than dots and underscores, for any two contracts and suffixes", () => {
    const word = fc.stringMatching(/^[ab]{1,2}$/);
    const joint = fc.constantFrom(".", "_", "-", "_queue_", "_to_", ".later_");
    const name = fc
      .tuple(word, fc.array(fc.tuple(joint, word), { maxLength: 40 }))
      .map(([first, more]) => (first + more.flat().join("")).slice(0, 100).replace(/[._-]+$/, ""));
    fc.assert(
      fc.property(name, name, (one, other) => {
        const all = [...new Set([one, other])].flatMap((each) => [
          names.topic(each),
          names.queue(each),
          delayTopicName(names.queue(each)),
          deadLetterTopicName(each),
          ...[one, other].slice(0, one === other ? 1 : 2).map((group) => names.groupTopic(each, group)),
        ]);
        expect(new Set(all.map(metric)).size).toBe(all.length);
      }),
    );
  });

  it("are those of external topics where the options name them", () => {
    const withExternal = new Names({ "warehouse.dispatch": "dispatch_products" });
    expect(withExternal.queue("warehouse.dispatch")).toBe("dispatch_products");
    expect(withExternal.topic("warehouse.dispatch")).toBe("dispatch_products");
    expect(withExternal.queue("constructor")).toBe("constructor--queue");
    expect(withExternal.isExternal("dispatch_products")).toBe(true);
  });

  it("differ for the groups of two topics", () => {
    expect(groupId("a", "warehouse")).not.toBe(groupId("b", "warehouse"));
  });
});
