// node rabbitmq.mjs amqp://user:password@host shop.placed 30: lets an existing topic retain 30 days
import amqplib from "amqplib";

const [, , url, topic, days] = process.argv;
const connection = await amqplib.connect(url);
const channel = await connection.createChannel();
await channel.assertQueue(`${topic}:history`, {
  durable: true,
  arguments: { "x-queue-type": "stream", "x-max-age": `${days * 86_400}s` },
});
await connection.close(); // the next start of a bus binds the stream
