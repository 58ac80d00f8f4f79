import { BrokerUrl, Problems, TransportLifecycle, unlessAborted } from "@waybill/core/transport-kit";
import type {
  Capabilities,
  Deliver,
  Depth,
  Drift,
  Environment,
  PublishFailure,
  PublishResult,
  ReplyInbox,
  Report,
  Source,
  Subscription,
  Topology,
  Transport,
  TransportState,
  WireMessage,
} from "@waybill/core/transport";
import { DEFAULT_BATCH_BYTES, capabilitiesOf } from "./capabilities.ts";
import { HealthCheck } from "./connection/health-check.ts";
import { MetadataRefresh } from "./connection/metadata-refresh.ts";
import { Cluster } from "./connection/protocol/cluster.ts";
import { depthOf } from "./consume/offsets/lag.ts";
import { checkPermissions, checkSourceExists } from "./consume/permissions.ts";
import { KafkaReplyInbox } from "./consume/reply-inbox.ts";
import { KafkaSubscription } from "./consume/subscription.ts";
import { connectFailed, provisioningError } from "./errors.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publish/publisher.ts";
import { Names, REPLY_TOPIC } from "./topology/names.ts";
import { provision } from "./topology/provision.ts";
import { createReplyTopic } from "./topology/reply-topic.ts";
import { sourceTopicsOf } from "./topology/sources.ts";
import { brokerConfig } from "./topology/topic-configs.ts";
import { REPLY_PARTITIONS, parseReplyAddress } from "./wire/reply-address.ts";

/** Kafka, by the protocol of kafkajs and with a producer and a consumer of our own. */
export class KafkaTransport implements Transport {
  readonly name = "kafka";
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #names: Names;
  readonly #cluster: Cluster;
  readonly #healthCheck: HealthCheck;
  readonly #publisher: Publisher;
  readonly #refresh: MetadataRefresh;
  readonly #life = new TransportLifecycle<KafkaSubscription, KafkaReplyInbox>("Kafka");
  readonly #warn = (text: string): void => this.#life.warn(text);
  #batchBytes = DEFAULT_BATCH_BYTES;
  #capabilities: Capabilities = capabilitiesOf(DEFAULT_BATCH_BYTES);

  constructor(settings: Settings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    const { addresses, topics, heartbeatMs, deliveryTimeoutMs } = settings;
    const { clock } = environment;
    const isUp = (): boolean => this.#healthCheck.isUp;
    this.#names = new Names(topics);
    // While the transport connects, the error of the attempt already contains the warnings of the client.
    const warn = (text: string): void => {
      if (this.#life.state.status !== "connecting") this.#warn(text);
    };
    const cluster = new Cluster(addresses, { ...settings, warn }, clock);
    this.#cluster = cluster;
    this.#healthCheck = new HealthCheck({
      cluster,
      environment,
      heartbeatMs,
      onChange: (isConnected, reason) => this.#connectionChanged(isConnected, reason),
    });
    this.#publisher = new Publisher({
      cluster,
      environment,
      names: this.#names,
      isUp,
      limits: () => ({ messageBytes: this.#capabilities.largestMessage, batchBytes: this.#batchBytes }),
      deliveryTimeoutMs,
    });
    this.#refresh = new MetadataRefresh({ cluster, clock, isUp, readers: () => this.#life.subscriptions });
  }

  /** The capabilities of a broker with default settings, until the transport is connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, warn?: (text: string) => void): Promise<void> {
    this.#life.begin(warn);
    const addresses = this.#settings.addresses.map((address) => BrokerUrl.shown(address));
    try {
      await unlessAborted(
        signal,
        () => this.#open(addresses),
        (reason) => connectFailed(addresses, reason),
      );
    } catch (error) {
      if (signal.aborted) this.#end();
      else this.#healthCheck.reset();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    const options = {
      ...this.#settings,
      cluster: this.#cluster,
      environment: this.#environment,
      names: this.#names,
      warn: this.#warn,
    };
    return this.#whileUp(() => provision({ ...options, batchBytes: this.#batchBytes }, topology, mode));
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    return this.#life.isClosed
      ? Promise.resolve(this.#life.closedResults(batch))
      : this.#publisher.publish(batch);
  }

  refusalOf(message: WireMessage): PublishFailure | undefined {
    return this.#publisher.refusalOf(message);
  }

  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    return this.#whileUp(async () => {
      const sourceTopics = sourceTopicsOf(source, this.#names);
      const { ownTopic, delayTopic, groupId } = sourceTopics;
      await checkSourceExists(this.#cluster, source, sourceTopics);
      await checkPermissions(this.#cluster, source, sourceTopics);
      const { heartbeatMs, sessionMs, trimMs } = this.#settings;
      const subscription = new KafkaSubscription({
        cluster: this.#cluster,
        environment: this.#environment,
        publisher: this.#publisher,
        sourceTopics,
        group: source.group,
        deliver,
        heartbeatMs,
        sessionMs,
        isUp: () => this.#healthCheck.isUp,
        warn: this.#warn,
        problems: new Problems(report ?? ((problem) => problem !== undefined && this.#warn(problem))),
        trimMs,
        trimmedTopics: delayTopic === undefined ? [ownTopic] : [ownTopic, delayTopic],
      });
      const enrolled = this.#life.addSubscription(subscription);
      try {
        await subscription.open();
      } catch (error) {
        await enrolled.drain(0);
        throw provisioningError(`the group ${groupId}`, error);
      }
      return enrolled;
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    const [cluster, environment, warn] = [this.#cluster, this.#environment, this.#warn];
    return this.#whileUp(async () => {
      const inbox = new KafkaReplyInbox({ cluster, environment, warn, onReply });
      const admitted = this.#life.addInbox(inbox);
      try {
        const { replication } = this.#settings;
        await createReplyTopic(cluster, environment, { partitions: REPLY_PARTITIONS, replication });
        await inbox.open();
      } catch (error) {
        await admitted.close();
        throw provisioningError(`topic ${REPLY_TOPIC}`, error);
      }
      return admitted;
    });
  }

  takesReplies(address: string): boolean {
    return parseReplyAddress(address) !== undefined;
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#life.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#whileUp(async () => {
      const sourceTopics = sourceTopicsOf(source, this.#names);
      await checkSourceExists(this.#cluster, source, sourceTopics);
      let unsettled = 0;
      for (const member of this.#life.subscriptions)
        if (member.sourceTopics.groupId === sourceTopics.groupId) unsettled += member.unsettled;
      try {
        return await depthOf(this.#cluster, sourceTopics, unsettled);
      } catch (error) {
        throw provisioningError(`the group ${sourceTopics.groupId}`, error);
      }
    });
  }

  async close(deadline: number): Promise<void> {
    await this.#life.close(deadline, () => this.#end());
  }

  async #open(addresses: readonly string[]): Promise<void> {
    try {
      await this.#healthCheck.open();
      await this.#cluster.lookUp([]);
      await this.#learnLimits();
      this.#refresh.start();
    } catch (error) {
      throw connectFailed(addresses, error);
    }
  }

  #end(): void {
    this.#refresh.stop();
    this.#publisher.close();
    for (const inbox of this.#life.inboxes) void inbox.close();
    this.#healthCheck.close();
    this.#cluster.close();
  }

  /** Reads the largest batch from the broker's configuration. Without permission to read it, the default stays. */
  async #learnLimits(): Promise<void> {
    const value = await brokerConfig(this.#cluster, "message.max.bytes");
    if (value === undefined) return;
    this.#batchBytes = Number(value);
    this.#capabilities = capabilitiesOf(this.#batchBytes);
  }

  #whileUp<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return this.#life.whileConnected(this.#healthCheck.isUp ? this.#healthCheck : undefined, work);
  }

  #connectionChanged(isUp: boolean, reason: string | undefined): void {
    if (this.#life.isClosed) return;
    for (const member of this.#life.subscriptions) {
      if (isUp) member.resume();
      else member.suspend();
    }
    this.#life.setState(isUp ? "ready" : "disconnected", reason);
  }
}
