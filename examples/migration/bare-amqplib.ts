import { randomUUID } from "node:crypto";
import { connect, type ConsumeMessage } from "amqplib";
import { Notes } from "./note.ts";

const notes = new Notes();
interface Order {
  readonly orderId: number;
}
const connection = await connect(process.env["WAYBILL_RABBITMQ_URL"] ?? "amqp://guest:guest@127.0.0.1");
// #region app
const channel = await connection.createConfirmChannel();
const json = (data: unknown): Buffer => Buffer.from(JSON.stringify(data));
const order = (content: Buffer): Order => JSON.parse(content.toString()) as Order; // unchecked

await channel.assertQueue("warehouse.dispatch", { arguments: { "x-queue-type": "quorum" } });
await channel.assertExchange("warehouse.dispatched", "fanout");
for (const service of ["mailer", "sales"]) {
  const queue = `warehouse.dispatched@${service}`;
  await channel.assertQueue(`${service}.dead`, { arguments: { "x-queue-type": "quorum" } });
  await channel.assertQueue(queue, {
    arguments: {
      "x-queue-type": "quorum",
      "x-delivery-limit": 3,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": `${service}.dead`,
      "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    },
  });
  await channel.bindQueue(queue, "warehouse.dispatched", "");
}

// The warehouse: publish, wait for the confirm, reply, and only then acknowledge.
const dispatch = async (message: ConsumeMessage): Promise<void> => {
  const { orderId } = order(message.content);
  channel.publish("warehouse.dispatched", "", json({ orderId }), { persistent: true });
  channel.sendToQueue(String(message.properties.replyTo), json({ trackingId: `WB-${orderId}` }), {
    correlationId: String(message.properties.correlationId),
  });
  await channel.waitForConfirms();
  channel.ack(message);
};
await channel.consume("warehouse.dispatch", (message) => void (message !== null && dispatch(message)));

let tries = 0;
// Two services; the mailer fails for one message.
await channel.consume("warehouse.dispatched@mailer", (message) => {
  if (message === null) return;
  const { orderId } = order(message.content);
  if (orderId === 13) {
    tries += 1; // the dead letter does not contain the count
    return channel.nack(message, false, true); // redelivered, up to the delivery limit
  }
  notes.add(`mailer wrote about order ${orderId}`);
  channel.ack(message);
});
await channel.consume("warehouse.dispatched@sales", (message) => {
  if (message === null) return;
  notes.add(`sales counted order ${order(message.content).orderId}`);
  channel.ack(message);
});

// The shop: a queue for its replies, and a table of the pending requests.
const waiting = new Map<string, (trackingId: string) => void>();
const replies = await channel.assertQueue("", { exclusive: true });
await channel.consume(
  replies.queue,
  (message) => {
    if (message === null) return;
    const { trackingId } = JSON.parse(message.content.toString()) as { trackingId: string };
    waiting.get(String(message.properties.correlationId))?.(trackingId);
    waiting.delete(String(message.properties.correlationId));
  },
  { noAck: true },
);
for (const orderId of [12, 13]) {
  const correlationId = randomUUID();
  const answer = new Promise<string>((resolve) => waiting.set(correlationId, resolve)); // without a timeout
  const options = { persistent: true, correlationId, replyTo: replies.queue };
  channel.sendToQueue("warehouse.dispatch", json({ orderId }), options);
  notes.add(`shop received ${await answer}`);
}
// #endregion app
await channel.consume("mailer.dead", (message) => {
  if (message === null) return;
  notes.add(`mailer gave up order ${order(message.content).orderId} after ${tries} tries`);
  channel.ack(message);
});
await notes.print(6);
await connection.close();
