import { systemGround } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { brokerOf } from "./brokers.ts";

it("a named broker is shared by all who name it, an unnamed one is nobody else's", () => {
  expect(brokerOf("memory:one", systemGround)).toBe(brokerOf("memory:one", systemGround));
  expect(brokerOf("memory:one", systemGround)).not.toBe(brokerOf("memory:two", systemGround));
  expect(brokerOf("memory:", systemGround)).not.toBe(brokerOf("memory:", systemGround));
});

it.each(["memory", "memory:a b", "memory://x", "memory:x?y=1", "kafka:x"])("%s is refused", (url) => {
  expect(() => brokerOf(url, systemGround)).toThrow(/invalid-option/);
});
