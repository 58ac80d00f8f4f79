import { describe, expect, it } from "vitest";
import { factoryOf } from "./load-transport.ts";

describe("the package of an adapter", () => {
  it("is named with what to install where it is missing", async () => {
    const missing = factoryOf("@waybill/kafka", async () => undefined);
    await expect(missing).rejects.toMatchObject({ code: "transport-not-installed" });
    await expect(missing).rejects.toThrow("npm install @waybill/kafka");
  });

  it("is told from one that cannot be loaded, and from one of another kind", async () => {
    const broken = factoryOf("@waybill/kafka", () => Promise.reject(new Error("syntax error")));
    await expect(broken).rejects.toThrow("is installed but cannot be loaded: syntax error");
    const other = factoryOf("@waybill/kafka", async () => ({ createTransport: "no function" }));
    await expect(other).rejects.toThrow("exports no createTransport");
  });
});
