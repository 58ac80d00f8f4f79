// A small application for Bun and Deno: a request, an event, a retry, a dead letter, and an orderly stop.
import { command, createBus, event, service, stopOnSignals } from "@waybill/core";
import { z } from "zod";

const data = z.object({ id: z.number() });
const Place = command("shop.place", { data, reply: data });
const Placed = event("shop.placed", { data });
const received = [];
let tries = 0;
const recovery = { immediate: 0, delayed: { rounds: 1, first: "100ms" } };
const shop = service("shop", { recovery }).handle(Place, async ({ id }, { publish }) => {
  if (id === 13) throw new Error("no such order");
  await publish(Placed, { id });
  return { id };
});
const mail = service("mail", { recovery }).on(Placed, ({ id }) => {
  tries += 1;
  if (tries === 1) throw new Error("not yet");
  received.push(id);
});
const until = async (isSo) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const bus = await createBus({ services: [shop, mail] });
const forget = stopOnSignals(bus);
await bus.start();
const answer = await bus.request(Place, { id: 7 });
await until(() => received.length === 1);
await bus.send(Place, { id: 13 });
await until(async () => (await bus.deadLetters("shop").list()).length === 1);
const [letter] = await bus.deadLetters("shop").discard();
await bus.stop();
forget();
console.log(
  `reply ${answer.id}, received ${received.join()} at attempt ${tries}, dead letter: ${letter.failure.message}`,
);
