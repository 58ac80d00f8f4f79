import { expect, it } from "vitest";
import { command, event } from "./declare-contract.ts";
import { checkName } from "./name.ts";
import { z } from "zod";

it.each(["amq.topic", "AMQ.x", "waybill.delivery", "waybill.x"])(
  "%s is refused in a declaration, because it is reserved",
  (name) => {
    const reserved = expect.objectContaining({
      code: "invalid-name",
      message: expect.stringContaining("which is reserved") as unknown,
    }) as Error;
    const data = z.object({});
    expect(() => checkName(name, "a service")).toThrow(reserved);
    expect(() => command(name, { data })).toThrow(reserved);
    expect(() => event("sold", { data, destination: name })).toThrow(reserved);
  },
);

it.each(["amqp", "amq-x", "waybill", "waybills.x", "x.amq.y", "a_b.c-d", "x".repeat(100)])(
  "%s is a valid name",
  (name) => {
    expect(checkName(name, "a service")).toBe(name);
  },
);

it.each(["", "a..b", "a__b", "_a", "a.", "a b", "a/b", "ä", "x".repeat(101)])("%j is refused", (name) => {
  expect(() => checkName(name, "a service")).toThrow("[invalid-name]");
});
