import type { OwnBroker } from "@waybill/brokers";
import type { Deliver, Transport, WireMessage } from "@waybill/core/transport";
import { Kafka, Partitioners, logLevel, type Admin, type Producer } from "kafkajs";
import { expect } from "vitest";
import type { KafkaOptions } from "../src/index.ts";
import { Opened } from "./opened.ts";

/** One lane, as most topics of others have it here. */
const LANES = 1;

/** Topics of somebody else, who writes with a client of their own, and transports that read and write them. */
export class Others {
  readonly url: string;
  readonly address: string;
  readonly client: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly #opened = new Opened();
  #count = 0;

  constructor(broker: OwnBroker | undefined) {
    this.url = broker?.url ?? "";
    this.address = this.url.slice("kafka://".length);
    this.client = new Kafka({ brokers: this.address.split(","), logLevel: logLevel.NOTHING });
    this.admin = this.client.admin();
    this.producer = this.client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  }

  async connect(): Promise<void> {
    await this.admin.connect();
    await this.producer.connect();
  }

  async disconnect(): Promise<void> {
    await this.producer.disconnect();
    await this.admin.disconnect();
  }

  /** What transports have told. */
  get notices(): readonly string[] {
    return this.#opened.notices;
  }

  /** Ends the transports of a test. */
  close(): Promise<void> {
    return this.#opened.close();
  }

  /** A topic of theirs, which a queue of the same name is. */
  async topic(config: Readonly<Record<string, string>> = {}, numPartitions = LANES): Promise<string> {
    const name = `theirs-${this.#count++}`;
    const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    const topics = [{ topic: name, numPartitions, configEntries }];
    await this.admin.createTopics({ topics, waitForLeaders: false });
    // The broker knows of a topic before it serves it.
    const served = (): Promise<number> =>
      this.admin.fetchTopicOffsets(name).then(
        ({ length }) => length,
        () => 0,
      );
    await expect.poll(served, { timeout: 20_000 }).toBe(numPartitions);
    return name;
  }

  transport(name: string, options: Partial<KafkaOptions> = {}): Promise<Transport> {
    return this.#opened.transport({ url: this.url, topics: { [name]: name }, ...options });
  }

  async provisioned(name: string, lanes: number = LANES): Promise<Transport> {
    const made = await this.transport(name);
    const topology = { queues: [{ name, lanes }], topics: [], groups: [], services: ["svc"] };
    expect(await made.provision(topology, "apply")).toEqual([]);
    return made;
  }

  async consume(from: Transport, name: string, deliver: Deliver): Promise<void> {
    const source = { kind: "queue", name, group: "svc", lanes: LANES } as const;
    (await from.subscribe(source, deliver)).credit(100);
  }

  /** The bodies that a queue hands out from now on, as texts. */
  async bodiesOf(name: string): Promise<string[]> {
    const bodies: string[] = [];
    await this.consume(await this.provisioned(name), name, ({ message }) => {
      bodies.push(Buffer.from(message.body).toString());
      return Promise.resolve({ type: "ack" });
    });
    return bodies;
  }

  message(name: string, parts: Partial<WireMessage> = {}): WireMessage {
    return {
      id: `m-${this.#count++}`,
      destination: { kind: "queue", name },
      type: undefined,
      correlationId: undefined,
      key: undefined,
      lane: 0,
      deliverAt: undefined,
      contentType: "text/plain",
      headers: {},
      body: Buffer.from("x"),
      ...parts,
    };
  }
}
