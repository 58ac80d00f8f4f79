import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import { brokerOf } from "./broker-registry.ts";

it("the process shares a named broker, and an unnamed broker is always new", () => {
  expect(brokerOf("memory:one", systemEnvironment)).toBe(brokerOf("memory:one", systemEnvironment));
  expect(brokerOf("memory:one", systemEnvironment)).not.toBe(brokerOf("memory:two", systemEnvironment));
  expect(brokerOf("memory:", systemEnvironment)).not.toBe(brokerOf("memory:", systemEnvironment));
});

it.each(["memory", "memory:a b", "memory://x", "memory:x?y=1", "kafka:x"])("%s is refused", (url) => {
  expect(() => brokerOf(url, systemEnvironment)).toThrow(/invalid-option/);
});
