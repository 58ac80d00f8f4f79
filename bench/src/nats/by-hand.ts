import { AckPolicy, RetentionPolicy, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, createInbox, headers, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { randomUUID } from "node:crypto";
import { Countdown, PREFETCH, WINDOW, inWindows, type Contestant } from "../brokers/contestant.ts";
import { Order, orderOf } from "../order.ts";

const ACK = new TextEncoder().encode("+ACK");
const EXPIRES = 5_000_000_000;

/** Pulls messages by hand, a quarter of the window at a time, and acknowledges each after its handler. */
function pull(nc: NatsConnection, stream: string, handle: (message: Msg) => Promise<void>): void {
  const inbox = createInbox();
  let requested = 0;
  let inFlight = 0;
  const ask = (): void => {
    const free = PREFETCH - inFlight - requested;
    if (free < PREFETCH / 4 || requested > PREFETCH / 4) return;
    requested += free;
    nc.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.shop`,
      JSON.stringify({ batch: free, expires: EXPIRES }),
      { reply: inbox },
    );
  };
  nc.subscribe(inbox, {
    callback: (_, message) => {
      if (message.headers?.code !== undefined && message.headers.code > 0) {
        requested -= Number(message.headers.get("Nats-Pending-Messages")) || requested;
        return ask();
      }
      requested -= 1;
      inFlight += 1;
      void handle(message).then(() => {
        inFlight -= 1;
        if (message.reply !== undefined) nc.publish(message.reply, ACK);
        ask();
      });
    },
  });
  ask();
}

async function workQueue(jsm: JetStreamManager, stream: string, subject: string): Promise<void> {
  await jsm.streams.add({ name: stream, subjects: [subject], retention: RetentionPolicy.Workqueue });
  await jsm.consumers.add(stream, {
    durable_name: "shop",
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: -1,
  });
}

/** Returns a function that publishes to a stream and resolves when the server has stored the message. */
function writeTo(nc: NatsConnection): (subject: string, id: string, body: unknown) => Promise<void> {
  const acknowledgements = createInbox();
  const stored = new Map<string, (message: Msg) => void>();
  let count = 0;
  nc.subscribe(`${acknowledgements}.*`, {
    callback: (_, message) => {
      const token = message.subject.slice(acknowledgements.length + 1);
      stored.get(token)?.(message);
      stored.delete(token);
    },
  });
  return (subject, id, body) =>
    new Promise((resolve, reject) => {
      const token = String(count++);
      stored.set(token, (message) => {
        const { error } = message.json<{ error?: { description: string } }>();
        if (error === undefined) resolve();
        else reject(new Error(error.description));
      });
      const head = headers();
      head.set("Nats-Msg-Id", id);
      nc.publish(subject, JSON.stringify(body), { headers: head, reply: `${acknowledgements}.${token}` });
    });
}

/** Passes the replies of an inbox to the waiting requests. */
function receiveReplies(
  nc: NatsConnection,
  inbox: string,
  waiting: Map<string, (reply: unknown) => void>,
): void {
  nc.subscribe(inbox, {
    callback: (_, message) => {
      const reply = message.json<{ causationid: string; data: unknown }>();
      waiting.get(reply.causationid)?.(reply.data);
      waiting.delete(reply.causationid);
    },
  });
}

/**
 * Returns the same work with the client alone, as an expert writes it for the same promises: one subscription for all publish
 * acknowledgements, pull requests by hand, data validated on both sides. The id is the header that the server de-duplicates by.
 * Type, source, time and correlation id are in the body, the cheapest place. Requests are stored like any command, and are
 * acknowledged when their reply is written.
 */
export async function byHand(url: string, prefix: string): Promise<Contestant> {
  const nc = await connect({ servers: new URL(url).host, noAsyncTraces: true });
  const jsm = await jetstreamManager(nc);
  const [orders, quotes] = [`${prefix}.place-order`, `${prefix}.quote`];
  const streams = [`${prefix}-orders`, `${prefix}-quotes`] as const;
  await workQueue(jsm, streams[0], orders);
  await workQueue(jsm, streams[1], quotes);

  const write = writeTo(nc);
  const envelope = (type: string, id: string, data: unknown): Record<string, unknown> => ({
    type,
    source: prefix,
    time: new Date().toISOString(),
    correlationid: id,
    data,
  });

  const countdown = new Countdown();
  pull(nc, streams[0], async (message) => {
    Order.parse(message.json<{ data: unknown }>().data);
    countdown.one();
  });
  pull(nc, streams[1], async (message) => {
    const asked = message.json<{ data: unknown; id: string; replyto: string }>();
    const { orderId } = Order.parse(asked.data);
    const reply = envelope("quote.reply", asked.id, { price: orderId * 2 });
    nc.publish(asked.replyto, JSON.stringify({ ...reply, id: randomUUID(), causationid: asked.id }));
  });

  const replies = createInbox();
  const waiting = new Map<string, (reply: unknown) => void>();
  receiveReplies(nc, replies, waiting);
  const request = async (orderId: number): Promise<unknown> => {
    const id = randomUUID();
    const reply = new Promise((resolve) => waiting.set(id, resolve));
    await write(quotes, id, { ...envelope(quotes, id, Order.parse(orderOf(orderId))), id, replyto: replies });
    return reply;
  };

  return {
    name: "nats by hand",
    async throughput(total) {
      const handled = countdown.start(total);
      await inWindows(total, WINDOW, (orderId) => {
        const id = randomUUID();
        return write(orders, id, envelope(orders, id, Order.parse(orderOf(orderId))));
      });
      await handled;
    },
    requests: (total, concurrency) => inWindows(total, concurrency, request),
    async stop() {
      for (const stream of streams) await jsm.streams.delete(stream);
      await nc.close();
    },
  };
}
