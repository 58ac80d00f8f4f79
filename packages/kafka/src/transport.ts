import { TransportLifecycle, Problems, unlessAborted, BrokerUrl } from "@waybill/core/transport-kit";
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
import { brokerConfig } from "./topology/topic-configs.ts";
import { depthOf } from "./consume/offsets/lag.ts";
import { Cluster } from "./connection/protocol/cluster.ts";
import { connectFailed, provisioningError } from "./errors.ts";
import { Names, REPLIES } from "./topology/names.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publish/publisher.ts";
import { HealthCheck } from "./connection/health-check.ts";
import { REPLY_PARTITIONS, replyPlace } from "./wire/reply-address.ts";
import { Refresh } from "./connection/metadata-refresh.ts";
import { mayConsume, mustExist } from "./consume/permissions.ts";
import { KafkaReplyInbox } from "./consume/reply-inbox.ts";
import { sourceTopicsOf } from "./topology/sources.ts";
import { KafkaSubscription } from "./consume/subscription.ts";
import { createTopics } from "./topology/create-topics.ts";
import { provision } from "./topology/provision.ts";

/** How long replies are kept. */
const REPLY_RETENTION_MS = 3_600_000;

/** Kafka, by the protocol of kafkajs and with a consumer of our own. */
export class KafkaTransport implements Transport {
  readonly name = "kafka";
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #names: Names;
  readonly #cluster: Cluster;
  readonly #healthCheck: HealthCheck;
  readonly #publisher: Publisher;
  readonly #refresh: Refresh;
  readonly #life = new TransportLifecycle<KafkaSubscription, KafkaReplyInbox>("Kafka");
  #batchBytes = DEFAULT_BATCH_BYTES;
  #capabilities: Capabilities = capabilitiesOf(DEFAULT_BATCH_BYTES);

  constructor(settings: Settings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    const { addresses, tls, sasl, clientId, connectTimeoutMs, via, heartbeatMs, deliveryTimeoutMs } =
      settings;
    this.#names = new Names(settings.topics);
    const tell = (notice: string): void => this.#life.warn(notice);
    // What is said while connecting comes with its failure.
    const follow = (notice: string): void => {
      if (this.#life.state.status !== "connecting") tell(notice);
    };
    const wiring = { tls, sasl, clientId, connectTimeoutMs, via, tell: follow };
    this.#cluster = new Cluster(addresses, wiring, environment.clock);
    this.#healthCheck = new HealthCheck({
      cluster: this.#cluster,
      environment,
      heartbeatMs,
      onChange: (isUp, reason) => this.#tell(isUp, reason),
    });
    this.#publisher = new Publisher({
      cluster: this.#cluster,
      environment,
      names: this.#names,
      isUp: () => this.#healthCheck.isUp,
      largest: () => ({ message: this.#capabilities.largestMessage, batch: this.#batchBytes }),
      deliveryTimeoutMs,
    });
    this.#refresh = new Refresh({
      cluster: this.#cluster,
      clock: environment.clock,
      isUp: () => this.#healthCheck.isUp,
      readers: () => this.#life.subscriptions,
    });
  }

  /** As Kafka is delivered until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, tell?: (notice: string) => void): Promise<void> {
    this.#life.begin(tell);
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
    return this.#whileUp(() =>
      provision(
        {
          cluster: this.#cluster,
          environment: this.#environment,
          names: this.#names,
          batchBytes: this.#batchBytes,
          tell: (notice) => this.#life.warn(notice),
          ...this.#settings,
        },
        topology,
        mode,
      ),
    );
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
      const site = sourceTopicsOf(source, this.#names);
      const { heartbeatMs, sessionMs, purgeMs } = this.#settings;
      const own = site.later === undefined ? [site.own] : [site.own, site.later];
      await mustExist(this.#cluster, source, site);
      await mayConsume(this.#cluster, source, site);
      const subscription = new KafkaSubscription({
        cluster: this.#cluster,
        environment: this.#environment,
        publisher: this.#publisher,
        site,
        group: source.group,
        deliver,
        heartbeatMs,
        sessionMs,
        isUp: () => this.#healthCheck.isUp,
        tell: (notice) => this.#life.warn(notice),
        problems: new Problems(report ?? ((problem) => problem !== undefined && this.#life.warn(problem))),
        purgeMs,
        purged: own,
      });
      const enrolled = this.#life.addSubscription(subscription);
      try {
        await subscription.open();
      } catch (error) {
        await enrolled.drain(0);
        throw provisioningError(`the group ${site.groupId}`, error);
      }
      return enrolled;
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#whileUp(async () => {
      const inbox = new KafkaReplyInbox({
        cluster: this.#cluster,
        environment: this.#environment,
        tell: (notice) => this.#life.warn(notice),
        onReply,
      });
      const admitted = this.#life.addInbox(inbox);
      try {
        await this.#ensureReplies();
        await inbox.open();
      } catch (error) {
        await admitted.close();
        throw provisioningError(`topic ${REPLIES}`, error);
      }
      return admitted;
    });
  }

  takesReplies(address: string): boolean {
    return replyPlace(address) !== undefined;
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#life.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#whileUp(async () => {
      const site = sourceTopicsOf(source, this.#names);
      await mustExist(this.#cluster, source, site);
      let unsettled = 0;
      for (const member of this.#life.subscriptions)
        if (member.site.groupId === site.groupId) unsettled += member.unsettled;
      try {
        return await depthOf(this.#cluster, site, unsettled);
      } catch (error) {
        throw provisioningError(`the group ${site.groupId}`, error);
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

  /** Who may not ask for it has to do with what is usual. */
  async #learnLimits(): Promise<void> {
    const value = await brokerConfig(this.#cluster, "message.max.bytes");
    if (value === undefined) return;
    this.#batchBytes = Number(value);
    this.#capabilities = capabilitiesOf(this.#batchBytes);
  }

  async #ensureReplies(): Promise<void> {
    if ((await this.#cluster.partitionsOf(REPLIES)) !== undefined) return;
    await createTopics(this.#cluster, this.#environment, {
      wanted: [
        { name: REPLIES, partitions: REPLY_PARTITIONS, must: undefined, retentionMs: REPLY_RETENTION_MS },
      ],
      replication: this.#settings.replication,
    });
  }

  #whileUp<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return this.#life.whileConnected(this.#healthCheck.isUp ? this.#healthCheck : undefined, work);
  }

  #tell(isUp: boolean, reason: string | undefined): void {
    if (this.#life.isClosed) return;
    for (const member of this.#life.subscriptions) {
      if (isUp) member.resume();
      else member.suspend();
    }
    this.#life.setState(isUp ? "ready" : "disconnected", reason);
  }
}
