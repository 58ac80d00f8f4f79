import { AckPolicy, RetentionPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { randomUUID } from "node:crypto";
import { Countdown, PREFETCH, WINDOW, inWindows, type Contestant } from "../brokers/contestant.ts";
import { Order, orderOf } from "../order.ts";

/**
 * Returns the same work as the client's documentation shows it: `js.publish` with an id, `consume` with an iterator, `request`
 * and a subscription that responds. Requests are not stored: a responder that is away when one is sent never sees it.
 */
export async function asDocumented(url: string, prefix: string): Promise<Contestant> {
  const nc = await connect({ servers: new URL(url).host });
  const jsm = await jetstreamManager(nc);
  const js = jetstream(nc);
  const [stream, orders, quotes] = [`${prefix}-orders`, `${prefix}.place-order`, `${prefix}.quote`];
  await jsm.streams.add({ name: stream, subjects: [orders], retention: RetentionPolicy.Workqueue });
  await jsm.consumers.add(stream, { durable_name: "shop", ack_policy: AckPolicy.Explicit });

  const countdown = new Countdown();
  const messages = await (await js.consumers.get(stream, "shop")).consume({ max_messages: PREFETCH });
  const consuming = (async () => {
    for await (const message of messages) {
      Order.parse(message.json());
      countdown.one();
      message.ack();
    }
  })();
  nc.subscribe(quotes, {
    callback: (_, message) => {
      const { orderId } = Order.parse(message.json());
      message.respond(JSON.stringify({ price: orderId * 2 }));
    },
  });

  return {
    name: "nats as documented",
    async throughput(count) {
      const handled = countdown.start(count);
      await inWindows(count, WINDOW, (orderId) =>
        js.publish(orders, JSON.stringify(Order.parse(orderOf(orderId))), { msgID: randomUUID() }),
      );
      await handled;
    },
    requests: (count, concurrency) =>
      inWindows(count, concurrency, async (orderId) => {
        const reply = await nc.request(quotes, JSON.stringify(Order.parse(orderOf(orderId))), {
          timeout: 5_000,
        });
        return reply.json();
      }),
    async stop() {
      await messages.close();
      await consuming;
      await jsm.streams.delete(stream);
      await nc.close();
    },
  };
}
