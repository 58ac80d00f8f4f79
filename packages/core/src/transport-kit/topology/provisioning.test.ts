import { describe, expect, it } from "vitest";
import { lanesOf, provisioning } from "./provisioning.ts";

describe("lanesOf", () => {
  it("counts lanes down, so that lane 0 is created last", () => {
    expect(lanesOf(3)).toEqual([2, 1, 0]);
  });

  it("returns one lane without a number for an entity without lanes", () => {
    expect(lanesOf(undefined)).toEqual([undefined]);
  });
});

describe("drift", () => {
  it("is reported for lanes that differ, and not for equal ones", () => {
    expect(provisioning.differentLanes("queue orders", 4, 4)).toEqual([]);
    expect(provisioning.differentLanes("queue orders", undefined, "none")).toEqual([]);
    expect(provisioning.differentLanes("queue orders", 4, undefined)).toEqual([
      { kind: "different", entity: "queue orders", property: "lanes", expected: "4", actual: "none" },
    ]);
  });

  it("of a missing entity names the entity and no property", () => {
    expect(provisioning.missing("topic orders")).toEqual({ kind: "missing", entity: "topic orders" });
  });
});

it("the error of a source that was not provisioned names it, with the lanes that it should have", () => {
  const error = provisioning.unknownSource("RabbitMQ", "queue orders", 4);
  expect(error.code).toBe("unroutable");
  expect(error.message).toMatch(/^RabbitMQ has no queue orders with 4 lanes\. Provision it first/);
});
