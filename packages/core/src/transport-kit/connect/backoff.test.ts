import { describe, expect, it } from "vitest";
import { seededRandom } from "../../environment/random.ts";
import { Backoff } from "./backoff.ts";

describe("pauses between attempts to connect", () => {
  it("double up to five seconds with jitter, and start again after a success", () => {
    const pauses = new Backoff(seededRandom(7));
    for (const longest of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      const pause = pauses.next();
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThan(longest);
    }
    pauses.reset();
    expect(pauses.next()).toBeLessThan(100);
  });
});
