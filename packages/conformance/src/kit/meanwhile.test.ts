import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { meanwhile } from "./meanwhile.ts";

describe("meanwhile", () => {
  it("keeps a failure for whoever awaits, and troubles nobody else", async () => {
    const heard: unknown[] = [];
    const listener = (reason: unknown): unknown => heard.push(reason);
    process.on("unhandledRejection", listener);
    const failing = meanwhile(Promise.reject(new Error("later")));
    await setImmediate();
    process.off("unhandledRejection", listener);
    expect(heard).toEqual([]);
    await expect(failing).rejects.toThrow("later");
    await expect(meanwhile(Promise.resolve(3))).resolves.toBe(3);
  });
});
