import { command, event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Ask = command("quotes.ask", { data: z.object({ quote: z.number() }) });
const Answered = event("quotes.answered", { data: z.object({ quote: z.number(), price: z.number() }) });

export const replySentTwice: BugCase = {
  name: "reply sent twice",
  bug: "The handler answers with an estimate when the price list is slow, and answers again when the price arrives.",
  make(world, isCorrect) {
    const list = world.outside("price list", { priceOf: (quote: number) => quote * 10 });
    const answers = new Table<number>();
    return {
      services: () => [
        service("quotes").handle(Ask, async ({ quote }, context) => {
          let isLate = false;
          const timeout = world.sleep("2s").then(() => (isLate = true));
          const exact = list.priceOf(quote).then((price) => ({ quote, price }));
          if (isCorrect) {
            const slow = timeout.then(() => ({ quote, price: 10 }));
            await context.publish(Answered, await Promise.race([exact, slow]));
            await exact;
            return;
          }
          const estimate = timeout.then(() => context.publish(Answered, { quote, price: 10 }));
          estimate.catch(() => undefined);
          const answer = await exact;
          if (isLate) await estimate;
          await context.publish(Answered, answer);
        }),
        service("customer").on(Answered, ({ quote }, { message }) =>
          answers.put(`${quote} ${message.id}`, quote),
        ),
      ],
      acts: [1, 2].map((quote) => (bus) => bus.send(Ask, { quote })),
      check: () => ensure(answers.size <= 2, `${answers.size} different answers to 2 questions`),
    };
  },
};
