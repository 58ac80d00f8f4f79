import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIGITS, GRID_MS, LONGEST_DELAY_MS, delayRoute } from "./delays.ts";

/** How long a message takes through the levels: as the bindings have it. */
function travelled({ exchange, routingKey }: ReturnType<typeof delayRoute>): number {
  const words = routingKey.split(".");
  const entry = Number(exchange.slice("waybill.delay.".length));
  let ms = 0;
  for (let digit = entry; digit >= 0; digit--)
    if (words[DIGITS - 1 - digit] === "1") ms += 2 ** digit * GRID_MS;
  return ms;
}

describe("the way through the delays", () => {
  it("takes as long as asked for, never less and at most one step more", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 1, max: 10_000 }),
          fc.integer({ min: 1, max: LONGEST_DELAY_MS - GRID_MS }),
        ),
        (delayMs) => {
          const ms = travelled(delayRoute(delayMs, "word"));
          expect(ms).toBeGreaterThan(delayMs);
          expect(ms).toBeLessThanOrEqual(delayMs + GRID_MS + 1);
        },
      ),
    );
  });

  it("enters at its highest digit and ends with its place", () => {
    const { exchange, routingKey } = delayRoute(LONGEST_DELAY_MS, "queue/shop");
    expect(exchange).toBe("waybill.delay.31");
    expect(routingKey).toBe(`${"1.".repeat(DIGITS)}queue/shop`);
    expect(delayRoute(1, "queue/shop").exchange).toBe("waybill.delay.00");
  });
});
