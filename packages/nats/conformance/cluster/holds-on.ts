import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { BrokerOptions } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { PublishResult, Subscription, Transport, WireMessage } from "@waybill/core/transport";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { natsTransport } from "../../src/index.ts";
import { deadLettersStream, queueStream } from "../../src/topology/names.ts";

const MESSAGES = 3_000;
const AT_ONCE = 50;
const WAIT = { timeout: 60_000, interval: 50 };

/** Checks the promises of a cluster of three servers, while servers are killed. */
export async function clusterHoldsOn(wanted: BrokerOptions = {}): Promise<void> {
  const broker = await startForTests("nats", { ...wanted, nodes: 3 });

  describe.skipIf(broker === undefined)("a cluster of three NATS servers", { timeout: 180_000 }, () => {
    if (broker === undefined) return;
    const servers = broker.url.slice("nats://".length).split(",");
    const open: Transport[] = [];
    let nc: NatsConnection;
    let jsm: JetStreamManager;

    beforeAll(async () => {
      nc = await connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
      jsm = await jetstreamManager(nc, { checkAPI: false });
    });
    afterEach(async () => {
      for (const transport of open.splice(0)) await transport.close(systemEnvironment.clock.now());
    });
    afterAll(async () => {
      await nc.close();
      await broker.end();
    });

    async function instance(at = servers.join(",")): Promise<Transport> {
      const url = `nats://${at}?replicas=3&lease=2&heartbeat=1&connect_timeout=2000`;
      const transport = natsTransport({ url }, systemEnvironment);
      open.push(transport);
      await transport.connect(AbortSignal.timeout(30_000));
      return transport;
    }

    /** Provisions a queue with three replicas. Returns a publisher. */
    async function queue(name: string, lanes?: number): Promise<Transport> {
      const transport = await instance();
      const topology = { queues: [{ name, lanes }], topics: [], groups: [], services: ["svc"] };
      await vi.waitFor(async () => expect(await transport.provision(topology, "apply")).toEqual([]), WAIT);
      for (const stream of [queueStream(name), deadLettersStream("svc")])
        expect((await jsm.streams.info(stream)).config.num_replicas).toBe(3);
      return transport;
    }

    /** Publishes messages in order and retries refused ones, as core does. Returns the number of refusals by code. */
    async function load(
      publisher: Transport,
      { name, lanes }: { readonly name: string; readonly lanes?: number },
      onRound: (sent: number) => void,
    ): Promise<ReadonlyMap<string, number>> {
      const refusals = new Map<string, number>();
      for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
        let batch = Array.from({ length: AT_ONCE }, (_, at) => messageTo(name, sent + at, lanes));
        while (batch.length > 0) {
          const results: readonly PublishResult[] = await publisher.publish(batch);
          for (const result of results)
            if (!result.ok) refusals.set(result.error.code, (refusals.get(result.error.code) ?? 0) + 1);
          const left = batch.filter((_, at) => results[at]?.ok !== true);
          if (left.length > 0) await sleep(systemEnvironment.clock, 100);
          batch = left;
        }
        onRound(sent);
      }
      return refusals;
    }

    /** Returns the numbers of the messages as they arrive. */
    async function consumed(name: string, lanes?: number): Promise<readonly number[]> {
      const seen: number[] = [];
      const consumer = await instance();
      const source = { kind: "queue", name, group: "svc", lanes } as const;
      const subscribed = (): Promise<Subscription> =>
        consumer.subscribe(source, ({ message: { id } }) => {
          seen.push(Number(id));
          return Promise.resolve({ type: "ack" });
        });
      const subscription = await vi.waitFor(subscribed, WAIT);
      subscription.credit(100);
      return seen;
    }

    /** Returns the index of the server that leads a stream. */
    async function leaderOf(stream: string): Promise<number> {
      const { cluster } = await jsm.streams.info(stream);
      return Number(/-(\d+)$/.exec(cluster?.leader ?? "")?.[1]) - 1;
    }

    it.each([
      ["the leader of its stream", "leader", 0],
      ["a follower", "follower", 1],
    ])("loses no message and keeps the order when %s is killed under load", async (_, word, offset) => {
      const lanes = 3;
      const name = `killed-${word}`;
      const publisher = await queue(name, lanes);
      const victim = ((await leaderOf(queueStream(name))) + offset) % 3;
      const seen = await consumed(name, lanes);
      let killed: Promise<void> | undefined;
      let killedAt = 0;
      let backMs = 0;
      const refusals = await load(publisher, { name, lanes }, (sent) => {
        if (killed !== undefined && backMs === 0) backMs = performance.now() - killedAt;
        if (sent < MESSAGES / 3 || killed !== undefined) return;
        killedAt = performance.now();
        killed = broker.kill9(victim);
      });
      await killed;
      await vi.waitFor(() => expect(new Set(seen).size).toBe(MESSAGES), WAIT);
      const first = [...new Set(seen)];
      for (let lane = 0; lane < lanes; lane++) {
        const mine = first.filter((number) => number % lanes === lane);
        expect(mine).toEqual(mine.toSorted((left, right) => left - right));
      }
      const { state } = await jsm.streams.info(queueStream(name));
      console.log(
        `${name}: stores again after ${backMs.toFixed(0)} ms, ${seen.length - MESSAGES} of ${MESSAGES} messages delivered twice, ${state.last_seq - MESSAGES} stored twice, refusals ${JSON.stringify([...refusals])}`,
      );
      expect(state.last_seq).toBe(MESSAGES);
      await broker.start(victim);
      // The consumer has checked its permission to store dead letters. Their stream may have lost its leader just now.
      const letters = await vi.waitFor(() => jsm.streams.info(deadLettersStream("svc")), WAIT);
      expect(letters.state.last_seq).toBe(0);
    });

    it("stores no message without a majority, loses no confirmed message, and continues when the majority is back", async () => {
      const name = "minority";
      await queue(name);
      const leader = await leaderOf(queueStream(name));
      const others = [0, 1, 2].filter((node) => node !== leader);
      // The publisher stays connected to the leader.
      const publisher = await instance(servers[leader]);
      const confirmed = new Set<number>();
      const store = async (number: number): Promise<PublishResult | undefined> => {
        const [result] = await publisher.publish([messageTo(name, number)]);
        if (result?.ok === true) confirmed.add(number);
        return result;
      };
      for (let number = 0; number < 100; number++) expect(await store(number)).toEqual({ ok: true });
      await Promise.all(others.map((node) => broker.kill9(node)));

      // At first the leader waits for the other servers. When it has stepped down, the lookup of the stream fails too.
      const refusals: PublishResult[] = [];
      await vi.waitFor(async () => {
        const results = await Promise.all(Array.from({ length: 10 }, (_, at) => store(100 + at)));
        for (const result of results) if (result?.ok === false) refusals.push(result);
        expect(JSON.stringify(results)).toContain("cannot be looked up now");
      }, WAIT);
      expect(confirmed.size).toBe(100);
      for (const refusal of refusals) expect(refusal).toMatchObject({ error: { code: "disconnected" } });
      const more = { queues: [{ name: "more", lanes: undefined }], topics: [], groups: [], services: [] };
      const error = await publisher.provision(more, "apply").catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/stream queue-more of queue more/);

      await Promise.all(others.map((node) => broker.start(node)));
      for (let number = 100; number < 200; number++)
        await vi.waitFor(async () => expect(await store(number)).toEqual({ ok: true }), WAIT);
      const seen = await consumed(name);
      await vi.waitFor(() => expect(new Set(seen)).toEqual(confirmed), WAIT);
      expect((await jsm.streams.info(queueStream(name))).state.last_seq).toBe(200);
    });
  });
}

function messageTo(name: string, number: number, lanes?: number): WireMessage {
  return {
    id: String(number),
    destination: { kind: "queue", name },
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: lanes === undefined ? undefined : number % lanes,
    deliverAt: undefined,
    contentType: "text/plain",
    headers: {},
    body: new TextEncoder().encode("x"),
  };
}
