import { expect, it } from "vitest";
import { drain } from "./drain.ts";

it("resolves for any number of concurrent waiters", async () => {
  const all = Array.from({ length: 200 }, () => drain());
  await expect(Promise.all(all)).resolves.toHaveLength(200);
});
