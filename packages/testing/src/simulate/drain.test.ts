import { expect, it } from "vitest";
import { drain } from "./drain.ts";

it("lets everybody go on who waits, however many wait at once", async () => {
  const all = Array.from({ length: 200 }, () => drain());
  await expect(Promise.all(all)).resolves.toHaveLength(200);
});
