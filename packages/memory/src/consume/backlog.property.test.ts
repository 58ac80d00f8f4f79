import { NO_HEADERS, type WireMessage } from "@waybill/core/transport";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Backlog } from "./backlog.ts";
import type { Entry } from "./entry.ts";

const message: WireMessage = {
  id: "x",
  destination: { kind: "queue", name: "q" },
  body: new Uint8Array(0),
  contentType: "",
  headers: NO_HEADERS,
  type: undefined,
  correlationId: undefined,
  key: undefined,
  lane: undefined,
  deliverAt: undefined,
};

it("returns the lowest waiting position, in any order of removed and returned entries", () => {
  const steps = fc.array(
    fc.oneof(
      fc.constant("append" as const),
      fc.constant("take" as const),
      fc.record({ putBack: fc.nat(10) }),
    ),
    { maxLength: 100 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const backlog = new Backlog();
      const inside: Entry[] = [];
      const taken: Entry[] = [];
      for (const step of all) {
        if (step === "append") {
          const entry: Entry = { message, attempt: 1, position: -1 };
          backlog.append(entry);
          inside.push(entry);
        } else if (step === "take") {
          const lowest = inside.toSorted((a, b) => a.position - b.position)[0];
          expect(backlog.take()).toBe(lowest);
          if (lowest !== undefined) taken.push(...inside.splice(inside.indexOf(lowest), 1));
        } else {
          const [entry] = taken.splice(step.putBack % Math.max(1, taken.length), 1);
          if (entry === undefined) continue;
          backlog.putBack(entry);
          inside.push(entry);
        }
        expect(backlog.size).toBe(inside.length);
      }
    }),
  );
});
