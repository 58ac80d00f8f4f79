import type { Clock } from "@waybill/core/transport";
import type { BrokerAddress } from "@waybill/core/transport-kit";
import { CODE, KafkaRefusal, checkCode } from "./codes.ts";
import { BrokerConnection } from "./broker-connection.ts";
import type { Api, ApiName, MetadataAnswer } from "./protocol.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/**
 * The purpose of the connections for publishing and administration. Requests of one connection are answered in order, so
 * subscriptions and reply inboxes, whose requests wait, have connections of their own.
 */
const MAIN = "main";

/** The leaders of a topic's partitions, by partition number; -1 for a partition without a leader. */
export type Leaders = readonly number[];

/** The metadata of brokers, topics and coordinators, and the connections to the brokers. */
export class Cluster {
  readonly #seeds: readonly BrokerAddress[];
  readonly #settings: ConnectionSettings;
  readonly #clock: Clock;
  readonly #connections = new Map<
    string,
    { readonly purpose: string; readonly connection: BrokerConnection }
  >();
  readonly #nodes = new Map<number, BrokerAddress>();
  readonly #topics = new Map<string, Leaders>();
  readonly #coordinators = new Map<string, number>();
  #controller = -1;
  #purposes = 0;
  #isClosed = false;

  constructor(seeds: readonly BrokerAddress[], settings: ConnectionSettings, clock: Clock) {
    this.#seeds = seeds;
    this.#settings = settings;
    this.#clock = clock;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Returns a new purpose. Requests with one purpose share one connection to each broker. */
  newPurpose(kind: string): string {
    this.#purposes += 1;
    return `${kind} ${this.#purposes}`;
  }

  /** The addresses of the brokers: the advertised ones first, then those of the options. */
  get addresses(): readonly BrokerAddress[] {
    return [...this.#nodes.values(), ...this.#seeds];
  }

  /** How many brokers the cluster had at the last look-up. */
  get brokers(): number {
    return this.#nodes.size;
  }

  get settings(): ConnectionSettings {
    return this.#settings;
  }

  /** Returns the leaders of a topic as of the last look-up; absent when the topic did not exist. */
  topic(name: string): Leaders | undefined {
    return this.#topics.get(name);
  }

  /** Refreshes the metadata of topics, and forgets topics that do not exist. Rejects when no broker answers. @throws KafkaRefusal for a topic that this user may not describe */
  async lookUp(topics: readonly string[]): Promise<void> {
    const answer = await this.toAnyAddress("Metadata", { topics, allowAutoTopicCreation: false });
    this.#learn(answer);
  }

  /** Returns the number of partitions of a topic, after a look-up if it is unknown; absent when the topic does not exist. */
  async findPartitionCount(topic: string): Promise<number | undefined> {
    if (!this.#topics.has(topic)) await this.lookUp([topic]);
    return this.#topics.get(topic)?.length;
  }

  /** Returns the number of partitions of a topic as of the last look-up; 0 when the topic did not exist. */
  partitionCountOf(topic: string): number {
    return this.#topics.get(topic)?.length ?? 0;
  }

  /** Returns the number of the broker that leads a partition; -1 when none does. */
  leaderOf(topic: string, partition: number): number {
    return this.#topics.get(topic)?.[partition] ?? -1;
  }

  /** Sends a request to a broker by its number. */
  async toNode<Name extends ApiName>(
    node: number,
    [name, request]: readonly [Name, Api[Name]["request"]],
    purpose: string = MAIN,
  ): Promise<Api[Name]["answer"]> {
    const address = this.#nodes.get(node);
    if (address === undefined) throw new KafkaRefusal(CODE.leaderNotAvailable, `broker ${node}`);
    return this.#connection(address, purpose).send(name, request);
  }

  /** Sends a request to the controller of the cluster. */
  async toController<Name extends ApiName>(
    name: Name,
    request: Api[Name]["request"],
  ): Promise<Api[Name]["answer"]> {
    if (!this.#nodes.has(this.#controller)) await this.lookUp([]);
    return this.toNode(this.#controller, [name, request]);
  }

  /** Sends a request to the coordinator of a group. When it answers that it is not the coordinator, call {@link Cluster.forgetCoordinator}. */
  async toCoordinator<Name extends ApiName>(
    group: string,
    call: readonly [Name, Api[Name]["request"]],
    purpose: string = MAIN,
  ): Promise<Api[Name]["answer"]> {
    let node = this.#coordinators.get(group);
    if (node === undefined) {
      const { errorCode, coordinator } = await this.toAnyAddress("GroupCoordinator", {
        groupId: group,
        coordinatorType: 0,
      });
      checkCode(errorCode, `group ${group}`);
      node = coordinator.nodeId;
      this.#nodes.set(node, { host: coordinator.host, port: coordinator.port });
      this.#coordinators.set(group, node);
    }
    try {
      return await this.toNode(node, call, purpose);
    } catch (error) {
      this.#coordinators.delete(group);
      throw error;
    }
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group);
  }

  /** Sends a request to one address after the other, until one answers. */
  async toAnyAddress<Name extends ApiName>(
    name: Name,
    request: Api[Name]["request"],
  ): Promise<Api[Name]["answer"]> {
    let failure: unknown = new Error("no broker is known");
    for (const address of this.addresses) {
      try {
        return await this.#connection(address, MAIN).send(name, request);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Sends a request that names its broker to one broker after the other, until one answers. */
  async toAnyNode<Name extends ApiName>(
    call: (node: number) => readonly [Name, Api[Name]["request"]],
  ): Promise<Api[Name]["answer"]> {
    let failure: unknown = new Error("no broker is known");
    for (const node of this.#nodes.keys()) {
      try {
        return await this.toNode(node, call(node));
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Closes every connection. Requests in flight are rejected; the next request opens a new connection. */
  drop(reason: string): void {
    for (const { connection } of this.#connections.values()) connection.drop(reason);
  }

  /** Closes the connections of one purpose. */
  closePurpose(closed: string): void {
    for (const [key, { purpose, connection }] of this.#connections) {
      if (purpose !== closed) continue;
      this.#connections.delete(key);
      connection.close();
    }
  }

  /** Closes all connections for good. Every later request is rejected. */
  close(): void {
    this.#isClosed = true;
    for (const { connection } of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  /** @throws Error once closed, because nothing would end a connection that is opened now */
  #connection(address: BrokerAddress, purpose: string): BrokerConnection {
    if (this.#isClosed) throw new Error("the transport was closed");
    const key = `${address.host}:${address.port} ${purpose}`;
    let found = this.#connections.get(key);
    if (found === undefined) {
      found = { purpose, connection: new BrokerConnection(address, this.#settings) };
      this.#connections.set(key, found);
    }
    return found.connection;
  }

  #learn({ brokers, controllerId, topicMetadata }: MetadataAnswer): void {
    this.#nodes.clear();
    for (const { nodeId, host, port } of brokers) this.#nodes.set(nodeId, { host, port });
    this.#controller = controllerId;
    let refusal: KafkaRefusal | undefined;
    for (const { topic, topicErrorCode, partitionMetadata } of topicMetadata) {
      this.#topics.delete(topic);
      if (topicErrorCode === CODE.unknownTopic || topicErrorCode === CODE.invalidTopic) continue;
      if (topicErrorCode !== CODE.none && topicErrorCode !== CODE.leaderNotAvailable) {
        refusal ??= new KafkaRefusal(topicErrorCode, `topic ${topic}`);
        continue;
      }
      const leaders: number[] = [];
      for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
      this.#topics.set(topic, leaders);
    }
    if (refusal !== undefined) throw refusal;
  }
}
