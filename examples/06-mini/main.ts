import { setTimeout } from "node:timers/promises";
import { createBus } from "@waybill/core";
import { Charge } from "./contracts.ts";
import { received, mail, payments, stock } from "./services.ts";

const transport = process.env["WAYBILL_TRANSPORT"] ?? "memory:";
const bus = await createBus({ transport, services: [payments, mail, stock] });
await bus.start();
const { receipt } = await bus.request(Charge, { orderId: 12 });
await bus.send(Charge, { orderId: 13 });
const deadLetters = bus.deadLetters("payments");
while (received.size < 2 || (await deadLetters.list()).length === 0) await setTimeout(50);
console.log(receipt, [...received].sort());
for (const { failure } of await deadLetters.discard()) console.log(failure.tries, failure.message);
await bus.stop();
