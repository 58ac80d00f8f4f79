import fc from "fast-check";
import { expect, it } from "vitest";
import { Deque } from "./deque.ts";

it("returns the items in the order of arrival while it grows and shrinks", () => {
  const steps = fc.array(fc.oneof(fc.record({ push: fc.integer() }), fc.constant("shift" as const)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const deque = new Deque<number>();
      const model: number[] = [];
      for (const step of all) {
        if (step === "shift") expect(deque.shift()).toBe(model.shift());
        else {
          deque.push(step.push);
          model.push(step.push);
        }
        expect(deque.size).toBe(model.length);
        expect(deque.first()).toBe(model[0]);
        expect([...deque]).toEqual(model);
      }
    }),
  );
});
