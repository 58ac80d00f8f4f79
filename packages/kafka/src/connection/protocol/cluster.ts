import type { Clock } from "@waybill/core/transport";
import type { BrokerAddress } from "@waybill/core/transport-kit";
import { CODE, KafkaRefusal, checkCode } from "./codes.ts";
import { BrokerConnection } from "./broker-connection.ts";
import type { Api, ApiName, MetadataAnswer } from "./protocol.ts";
import type { Wiring } from "./wiring.ts";

/** The line that publishes and administers. Subscriptions and inboxes have lines of their own: what waits on one keeps no other. */
const MAIN = "main";

/** The leaders of a topic's partitions by number; -1 where there is none at the moment. */
export type Leaders = readonly number[];

/** What is known of the brokers and topics, and the ways to them. */
export class Cluster {
  readonly #seeds: readonly BrokerAddress[];
  readonly #wiring: Wiring;
  readonly #clock: Clock;
  readonly #links = new Map<string, { readonly line: string; readonly link: BrokerConnection }>();
  readonly #nodes = new Map<number, BrokerAddress>();
  readonly #topics = new Map<string, Leaders>();
  readonly #coordinators = new Map<string, number>();
  #controller = -1;
  #lines = 0;
  #isClosed = false;

  constructor(seeds: readonly BrokerAddress[], wiring: Wiring, clock: Clock) {
    this.#seeds = seeds;
    this.#wiring = wiring;
    this.#clock = clock;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** A name for connections of their own. */
  newLine(purpose: string): string {
    this.#lines += 1;
    return `${purpose} ${this.#lines}`;
  }

  /** Where brokers are known to be, those told by the user last. */
  get addresses(): readonly BrokerAddress[] {
    return [...this.#nodes.values(), ...this.#seeds];
  }

  /** How many brokers it has, as far as is known. */
  get brokers(): number {
    return this.#nodes.size;
  }

  get wiring(): Wiring {
    return this.#wiring;
  }

  /** A topic as it was last seen. */
  topic(name: string): Leaders | undefined {
    return this.#topics.get(name);
  }

  /** Looks topics up anew; those that do not exist are forgotten. Rejects when no broker answers. @throws KafkaRefusal for one that may not be described */
  async lookUp(topics: readonly string[]): Promise<void> {
    const answer = await this.#anyone("Metadata", { topics, allowAutoTopicCreation: false });
    this.#learn(answer);
  }

  /** The numbers of partitions of a topic, looked up unless it is known; absent when it does not exist. */
  async partitionsOf(topic: string): Promise<number | undefined> {
    if (!this.#topics.has(topic)) await this.lookUp([topic]);
    return this.#topics.get(topic)?.length;
  }

  /** How many partitions a topic had when it was last seen; 0 where it did not exist. */
  countOf(topic: string): number {
    return this.#topics.get(topic)?.length ?? 0;
  }

  leaderOf(topic: string, partition: number): number {
    return this.#topics.get(topic)?.[partition] ?? -1;
  }

  /** Sends to a broker by its number. */
  async toNode<Name extends ApiName>(
    node: number,
    [name, request]: readonly [Name, Api[Name]["request"]],
    line: string = MAIN,
  ): Promise<Api[Name]["answer"]> {
    const address = this.#nodes.get(node);
    if (address === undefined) throw new KafkaRefusal(CODE.leaderNotAvailable, `broker ${node}`);
    return this.#link(address, line).send(name, request);
  }

  async toController<Name extends ApiName>(
    name: Name,
    request: Api[Name]["request"],
  ): Promise<Api[Name]["answer"]> {
    if (!this.#nodes.has(this.#controller)) await this.lookUp([]);
    return this.toNode(this.#controller, [name, request]);
  }

  /** Sends to whom a group belongs. Who answers that it is somebody else is forgotten by {@link Cluster.forgetCoordinator}. */
  async toCoordinator<Name extends ApiName>(
    group: string,
    call: readonly [Name, Api[Name]["request"]],
    line: string = MAIN,
  ): Promise<Api[Name]["answer"]> {
    let node = this.#coordinators.get(group);
    if (node === undefined) {
      const { errorCode, coordinator } = await this.#anyone("GroupCoordinator", {
        groupId: group,
        coordinatorType: 0,
      });
      checkCode(errorCode, `group ${group}`);
      node = coordinator.nodeId;
      this.#nodes.set(node, { host: coordinator.host, port: coordinator.port });
      this.#coordinators.set(group, node);
    }
    try {
      return await this.toNode(node, call, line);
    } catch (error) {
      this.#coordinators.delete(group);
      throw error;
    }
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group);
  }

  /** Sends to whichever address answers first. */
  anyone<Name extends ApiName>(name: Name, request: Api[Name]["request"]): Promise<Api[Name]["answer"]> {
    return this.#anyone(name, request);
  }

  /** Sends to whichever broker answers first, by its number. */
  async anyBroker<Name extends ApiName>(
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

  /** Tears down what is open; it is opened anew when it is used. */
  drop(reason: string): void {
    for (const { link } of this.#links.values()) link.drop(reason);
  }

  /** Closes the connections of one line. */
  closeLine(closed: string): void {
    for (const [key, { line, link }] of this.#links) {
      if (line !== closed) continue;
      this.#links.delete(key);
      link.close();
    }
  }

  /** For good: who asks later is refused, however long it has waited. */
  close(): void {
    this.#isClosed = true;
    for (const { link } of this.#links.values()) link.close();
    this.#links.clear();
  }

  /** @throws Error once closed: a connection made now would be nobody's to end */
  #link(address: BrokerAddress, line: string): BrokerConnection {
    if (this.#isClosed) throw new Error("the transport was closed");
    const key = `${address.host}:${address.port} ${line}`;
    let found = this.#links.get(key);
    if (found === undefined) {
      found = { line, link: new BrokerConnection(address, this.#wiring) };
      this.#links.set(key, found);
    }
    return found.link;
  }

  async #anyone<Name extends ApiName>(
    name: Name,
    request: Api[Name]["request"],
  ): Promise<Api[Name]["answer"]> {
    let failure: unknown = new Error("no broker is known");
    for (const address of this.addresses) {
      try {
        return await this.#link(address, MAIN).send(name, request);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
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
