import { command, event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Blocked = event("people.blocked", { data: z.object({ person: z.string() }) });
const Order = command("shop.order", {
  data: z.object({ person: z.string() }),
  reply: z.object({ taken: z.boolean() }),
});
const Check = command("people.check", {
  data: z.object({ person: z.string() }),
  reply: z.object({ ok: z.boolean() }),
});

export const asksTheViewOfAnother: BugCase = {
  name: "a decision on another's view",
  bug: "The shop checks a customer against its own copy of another service's block list, and the copy is out of date.",
  make(world, isCorrect) {
    const [list, copy] = [new Table<true>(), new Table<true>()];
    const view = world.outside("view", copy);
    let isTaken = false;
    return {
      services: () => [
        service("people").handle(Check, ({ person }) => ({ ok: !list.has(person) })),
        service("shop")
          .on(Blocked, ({ person }) => view.put(person, true))
          .handle(Order, async ({ person }, context) => {
            const ok = isCorrect
              ? (await context.request(Check, { person }, { timeout: "1d" })).ok
              : !(await view.has(person));
            isTaken ||= ok;
            return { taken: ok };
          }),
      ],
      acts: [
        (bus) => {
          list.put("mallory", true);
          return bus.publish(Blocked, { person: "mallory" });
        },
        (bus) => bus.request(Order, { person: "mallory" }, { timeout: "30d" }).catch(() => undefined),
      ],
      check: () => ensure(!isTaken, "an order of a blocked customer was accepted"),
    };
  },
};
