import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIGITS, GRID_MS, LONGEST_DELAY_MS, delayRoute } from "./delays.ts";

/** Returns how long a message waits on its way along the bindings. */
function delayOf({ exchange, routingKey }: ReturnType<typeof delayRoute>): number {
  const words = routingKey.split(".");
  const entry = Number(exchange.slice("waybill.delay.".length));
  let ms = 0;
  for (let digit = entry; digit >= 0; digit--)
    if (words[DIGITS - 1 - digit] === "1") ms += 2 ** digit * GRID_MS;
  return ms;
}

describe("the route of a delayed message", () => {
  it("takes at least the delay, and at most one grid step more", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 1, max: 10_000 }),
          fc.integer({ min: 1, max: LONGEST_DELAY_MS - GRID_MS }),
        ),
        (delayMs) => {
          const ms = delayOf(delayRoute(delayMs, "word"));
          expect(ms).toBeGreaterThan(delayMs);
          expect(ms).toBeLessThanOrEqual(delayMs + GRID_MS + 1);
        },
      ),
    );
  });

  it("starts at the highest digit and ends with the target", () => {
    const { exchange, routingKey } = delayRoute(LONGEST_DELAY_MS, "queue/shop");
    expect(exchange).toBe("waybill.delay.31");
    expect(routingKey).toBe(`${"1.".repeat(DIGITS)}queue/shop`);
    expect(delayRoute(1, "queue/shop").exchange).toBe("waybill.delay.00");
  });
});
