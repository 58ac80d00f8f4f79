// node kafka.mjs host:9092 shop.charge--queue 8: adds partitions, up to 8 lanes
import kafkajs from "kafkajs";

const [, , broker, topic, count] = process.argv;
const admin = new kafkajs.Kafka({ brokers: [broker] }).admin();
await admin.connect();
await admin.createPartitions({ topicPartitions: [{ topic, count: Number(count) }] });
await admin.disconnect();
