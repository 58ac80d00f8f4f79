import { describe, expect, it } from "vitest";
import { Names, deadLettersName, groupId, laterName } from "./names.ts";

const names = new Names();

/** Kafka's own check of two names (org.apache.kafka.common.internals.Topic.hasCollision). */
const metric = (name: string): string => name.replaceAll(".", "_");

describe("names on the broker", () => {
  it("keep what looks alike apart, also in Kafka's metrics", () => {
    const base = ["orders.a", "orders-a", "orders.a_b", "orders.a.b", "orders.A", "orders.a.dead"];
    const all = base.flatMap((name) => [
      names.topic(name),
      names.queue(name),
      names.own(name, "svc.x"),
      laterName(names.queue(name)),
      laterName(names.own(name, "svc_x.y")),
      deadLettersName(name),
    ]);
    expect(new Set(all.map(metric)).size).toBe(all.length);
  });

  it("fit Kafka's 249 characters at the limits of ours", () => {
    const long = "x".repeat(100);
    expect(laterName(names.own(long, long)).length).toBeLessThanOrEqual(249);
  });

  it("leave a name without dots as others know it", () => {
    expect(names.topic("dispatch_products")).toBe("dispatch_products");
  });

  it("are those of topics that somebody else has made, where that is said", () => {
    const told = new Names({ "warehouse.dispatch": "dispatch_products" });
    expect(told.queue("warehouse.dispatch")).toBe("dispatch_products");
    expect(told.topic("warehouse.dispatch")).toBe("dispatch_products");
    expect(told.queue("constructor")).toBe("constructor--queue");
    expect(told.isOther("dispatch_products")).toBe(true);
  });

  it("tell the groups of one service apart", () => {
    expect(groupId("a", "warehouse")).not.toBe(groupId("b", "warehouse"));
  });
});
