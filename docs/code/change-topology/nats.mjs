// node nats.mjs host:4222 queue-shop=charge topic-shop=placed 30: deletes an empty queue, and gives a topic 30 days of history
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const [, , servers, queue, topic, days] = process.argv;
const connection = await connect({ servers });
const manager = await jetstreamManager(connection);
const { state } = await manager.streams.info(queue);
if (state.messages > 0) throw new Error(`${state.messages} messages wait in ${queue}: drain it first`);
await manager.streams.delete(queue); // the next start of a bus creates it again
await manager.streams.update(topic, { retention: "limits", max_age: days * 86_400e9 });
await connection.close();
