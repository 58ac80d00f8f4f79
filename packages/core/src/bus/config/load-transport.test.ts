import { describe, expect, it } from "vitest";
import { factoryOf } from "./load-transport.ts";

describe("the package of an adapter", () => {
  it("that is not installed is named in the error, with the command that installs it", async () => {
    const missing = factoryOf("@waybill/kafka", async () => undefined);
    await expect(missing).rejects.toMatchObject({ code: "transport-not-installed" });
    await expect(missing).rejects.toThrow(
      "Run: npm install @waybill/kafka. A bundled program cannot load it by URL: import kafkaTransport from @waybill/kafka there and pass transport: kafkaTransport({ url }).",
    );
  });

  it("that cannot be loaded, or that exports no transport factory, has an error of its own", async () => {
    const broken = factoryOf("@waybill/kafka", () => Promise.reject(new Error("syntax error")));
    await expect(broken).rejects.toThrow("is installed but cannot be loaded: syntax error");
    const other = factoryOf("@waybill/kafka", async () => ({ createTransport: "no function" }));
    await expect(other).rejects.toThrow("exports no createTransport");
  });
});
