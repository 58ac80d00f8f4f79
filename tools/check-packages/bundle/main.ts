import { command, createBus, service } from "@waybill/core";
import { z } from "zod";
// #region transport
import { natsTransport } from "@waybill/nats";

const transport = natsTransport({ url: process.env["BROKER_URL"] ?? "nats://localhost" });
// #endregion transport
import { kafkaTransport } from "@waybill/kafka";
import { rabbitmqTransport } from "@waybill/rabbitmq";

const others = [rabbitmqTransport({ url: "amqp://localhost" }), kafkaTransport({ url: "kafka://localhost" })];
for (const other of others) (await createBus({ transport: other })).explain();

const Greet = command("greeter.greet", {
  data: z.object({ name: z.string() }),
  reply: z.object({ text: z.string() }),
});
const greeter = service("greeter").handle(Greet, ({ name }) => ({ text: `Hello, ${name}!` }));
const bus = await createBus({ transport, services: [greeter] });
await bus.start();
console.log((await bus.request(Greet, { name: "bundle" })).text);
await bus.stop();
