import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inBackground } from "./in-background.ts";

describe("inBackground", () => {
  it("keeps a rejection for the later await without an unhandled rejection", async () => {
    const received: unknown[] = [];
    const listener = (reason: unknown): unknown => received.push(reason);
    process.on("unhandledRejection", listener);
    const failing = inBackground(Promise.reject(new Error("later")));
    await setImmediate();
    process.off("unhandledRejection", listener);
    expect(received).toEqual([]);
    await expect(failing).rejects.toThrow("later");
    await expect(inBackground(Promise.resolve(3))).resolves.toBe(3);
  });
});
