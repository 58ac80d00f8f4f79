import { describe, expect, it } from "vitest";
import { unlessAborted } from "./unless-aborted.ts";

const failure = (reason: unknown): Error => new Error(`given up: ${String(reason)}`);

describe("unlessAborted", () => {
  it("settles as the work does", async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(signal, () => Promise.resolve(3), failure)).resolves.toBe(3);
    await expect(unlessAborted(signal, () => Promise.reject(new Error("no")), failure)).rejects.toThrow("no");
  });

  it("rejects once the signal aborts, before the work or during it", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(controller.signal, () => new Promise(() => undefined), failure);
    controller.abort("late");
    await expect(waiting).rejects.toThrow("given up: late");
    await expect(unlessAborted(controller.signal, () => Promise.resolve(1), failure)).rejects.toThrow(
      "given up",
    );
  });
});
