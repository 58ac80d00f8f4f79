// An application for a bundler: it creates each adapter by its function, then by URL, and prints one line for each.
import { command, createBus, isMessagingError, service } from "@waybill/core";
import { kafkaTransport } from "@waybill/kafka";
import { memoryTransport } from "@waybill/memory";
import { natsTransport } from "@waybill/nats";
import { rabbitmqTransport } from "@waybill/rabbitmq";
import { z } from "zod";

const Ask = command("owner.ask", { data: z.object({}), reply: z.object({ n: z.number() }) });
const owner = service("owner").handle(Ask, () => ({ n: 7 }));
const timeouts = { connect: "500ms" };

async function tryTransport(name, transport) {
  try {
    // A start that waits for its broker warns first; only its end is printed here.
    const onWarning = () => undefined;
    const bus = await createBus({ transport, services: [owner], timeouts, onWarning });
    try {
      await bus.start();
      console.log(`${name}: ${JSON.stringify(await bus.request(Ask, {}))}`);
    } finally {
      await bus.stop();
    }
  } catch (error) {
    console.log(`${name}: ${isMessagingError(error) ? error.message : error?.stack}`);
  }
}

async function main() {
  const url = (scheme, name) => process.env[name] ?? `${scheme}://127.0.0.1:1`;
  await tryTransport("memory", memoryTransport());
  await tryTransport("rabbitmq", rabbitmqTransport({ url: url("amqp", "WAYBILL_RABBITMQ_URL") }));
  await tryTransport("nats", natsTransport({ url: url("nats", "WAYBILL_NATS_URL") }));
  await tryTransport("kafka", kafkaTransport({ url: url("kafka", "WAYBILL_KAFKA_URL") }));
  await tryTransport("by URL", "amqp://user:s3cret@127.0.0.1:1");
}
void main();
