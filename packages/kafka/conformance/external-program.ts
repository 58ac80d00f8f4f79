import type { OwnBroker } from "@waybill/brokers";
import type { Deliver, Transport, WireMessage } from "@waybill/core/transport";
import { Kafka, Partitioners, logLevel, type Admin, type ITopicConfig, type Producer } from "kafkajs";
import { expect, vi } from "vitest";
import type { KafkaOptions } from "../src/index.ts";
import { OpenTransports } from "./open-transports.ts";

const WAIT = { timeout: 30_000, interval: 100 };

/** The lanes of most external topics here. */
const LANES = 1;

/** An external program, which creates topics and writes with a client of its own; and transports that read and write its topics. */
export class ExternalProgram {
  readonly url: string;
  readonly address: string;
  readonly client: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly #opened = new OpenTransports();
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

  /** The warnings of the transports. */
  get warnings(): readonly string[] {
    return this.#opened.warnings;
  }

  /** Closes the transports of a test. */
  close(): Promise<void> {
    return this.#opened.close();
  }

  /** Creates an external topic. The transports have a queue of the same name for it. */
  async topic(config: Readonly<Record<string, string>> = {}, numPartitions = LANES): Promise<string> {
    const name = `external-${this.#count++}`;
    const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    await createTopic(this.admin, { topic: name, numPartitions, configEntries });
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

  /** Returns the bodies of a queue's deliveries from now on, as texts. */
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

/** Creates a topic, and waits until its leaders serve it. kafkajs would fail while a broker does not know the topic yet. */
export async function createTopic(admin: Admin, topic: ITopicConfig): Promise<void> {
  await vi.waitFor(() => admin.createTopics({ topics: [topic], waitForLeaders: false }), WAIT);
  await vi.waitFor(async () => {
    const { length } = await admin.fetchTopicOffsets(topic.topic);
    if (length !== topic.numPartitions) throw new Error(`${length} partitions of ${topic.topic} are served.`);
  }, WAIT);
}
