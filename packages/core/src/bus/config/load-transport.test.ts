import { describe, expect, it } from "vitest";
import { factoryOf } from "./load-transport.ts";

describe("the package of an adapter", () => {
  it("is named with what to install where it is missing", async () => {
    const missing = factoryOf("@waybill/kafka", async () => undefined);
    await expect(missing).rejects.toMatchObject({ code: "transport-not-installed" });
    await expect(missing).rejects.toThrow(
      "Run: npm install @waybill/kafka. A bundle cannot load it by a URL: there import kafkaTransport from @waybill/kafka and pass transport: kafkaTransport({ url }).",
    );
  });

  it("is told from one that cannot be loaded, and from one of another kind", async () => {
    const broken = factoryOf("@waybill/kafka", () => Promise.reject(new Error("syntax error")));
    await expect(broken).rejects.toThrow("is installed but cannot be loaded: syntax error");
    const other = factoryOf("@waybill/kafka", async () => ({ createTransport: "no function" }));
    await expect(other).rejects.toThrow("exports no createTransport");
  });
});
