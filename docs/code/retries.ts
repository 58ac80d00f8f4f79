// #region policy
import { command, createBus, service } from "@waybill/core";
import { z } from "zod";

const Charge = command("billing.charge", {
  data: z.object({ orderId: z.number(), cents: z.number().int() }),
});

class CardExpired extends Error {}

let isBankDown = true;
const billing = service("billing", {
  recovery: {
    immediate: 1, // one immediate retry, while the key is held
    delayed: { rounds: 2, first: "50ms", factor: 4 }, // then two retries with backoff, after 50 ms and 200 ms
    neverRetry: [CardExpired], // a retry cannot help
  },
}).handle(Charge, ({ orderId, cents }, { attempt }) => {
  if (cents > 10_000) throw new CardExpired(`the card of order ${orderId} has expired`);
  if (isBankDown) throw new Error("the bank does not answer");
  console.log(`order ${orderId} charged, attempt ${attempt}`);
});
// #endregion policy

const bus = await createBus({ transport: "memory:", services: [billing] });
await bus.start();
await bus.send(Charge, { orderId: 1, cents: 500 });
await bus.send(Charge, { orderId: 2, cents: 20_000 });

await twoDeadLetters();
// #region look
const letters = bus.deadLetters("billing");
for (const { type, failure } of await letters.list())
  console.log(`${type}: ${failure.message} (${failure.code}, ${failure.tries} tries)`);
// #endregion look

// #region replay
isBankDown = false;
await letters.replay({ where: ({ failure }) => failure.message.includes("bank") });
await letters.discard({ where: ({ failure }) => failure.message.includes("expired") });
// #endregion replay
console.log(`${(await letters.list()).length} dead letters left`);
await bus.stop();

async function twoDeadLetters(): Promise<void> {
  while ((await bus.deadLetters("billing").list()).length < 2)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
