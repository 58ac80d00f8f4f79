import {
  States,
  shownAddress,
  unlessAborted,
  type Capabilities,
  type Deliver,
  type Depth,
  type Drift,
  type Ground,
  type PublishResult,
  type ReplyInbox,
  type Source,
  type Subscription,
  type Topology,
  type Transport,
  type TransportState,
  type WireMessage,
} from "@waybill/core/transport";
import { DEFAULT_BATCH_BYTES, capabilitiesOf } from "./capabilities.ts";
import { depthOf } from "./depth.ts";
import { Cluster } from "./driver/cluster.ts";
import { CODE } from "./driver/codes.ts";
import { userOf } from "./driver/sasl.ts";
import {
  closedError,
  connectFailed,
  notConnected,
  provisioningError,
  refusal,
  type Where,
} from "./errors.ts";
import { Names, REPLIES } from "./names.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publisher.ts";
import { Pulse } from "./pulse.ts";
import { REPLY_PARTITIONS } from "./reply-address.ts";
import { mayConsume, partitionsOf } from "./readiness.ts";
import { KafkaReplyInbox } from "./reply-inbox.ts";
import { siteOf } from "./sources.ts";
import { KafkaSubscription } from "./subscription.ts";
import { createTopics } from "./topics.ts";
import { provision } from "./topology.ts";

const CLOSED: PublishResult = { ok: false, error: refusal("closed", "The transport is closed.") };
/** How long replies are kept. */
const REPLY_RETENTION_MS = 3_600_000;
/** A broker, in DescribeConfigs. */
const BROKER = 4;

/** Kafka, by the protocol of kafkajs and with a consumer of our own. */
export class KafkaTransport implements Transport {
  readonly name = "kafka";
  readonly #settings: Settings;
  readonly #ground: Ground;
  readonly #names: Names;
  readonly #cluster: Cluster;
  readonly #pulse: Pulse;
  readonly #publisher: Publisher;
  readonly #states = new States();
  readonly #subscriptions = new Map<KafkaSubscription, string>();
  readonly #inboxes = new Set<KafkaReplyInbox>();
  #batchBytes = DEFAULT_BATCH_BYTES;
  #capabilities: Capabilities = capabilitiesOf(DEFAULT_BATCH_BYTES);

  constructor(settings: Settings, ground: Ground) {
    this.#settings = settings;
    this.#ground = ground;
    const { addresses, tls, sasl, clientId, connectTimeoutMs, via, heartbeatMs, deliveryTimeoutMs } =
      settings;
    this.#names = new Names(settings.topics);
    this.#cluster = new Cluster(addresses, { tls, sasl, clientId, connectTimeoutMs, via }, ground.clock);
    this.#pulse = new Pulse({
      cluster: this.#cluster,
      ground,
      heartbeatMs,
      onChange: (isUp, reason) => this.#tell(isUp, reason),
    });
    this.#publisher = new Publisher({
      cluster: this.#cluster,
      ground,
      names: this.#names,
      isUp: () => this.#pulse.isUp,
      largest: () => ({ message: this.#capabilities.largestMessage, batch: this.#batchBytes }),
      deliveryTimeoutMs,
    });
  }

  /** As Kafka is delivered until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw closedError();
    const { addresses, sasl } = this.#settings;
    const where = { addresses: addresses.map(shownAddress), user: userOf(sasl) };
    try {
      await unlessAborted(
        signal,
        () => this.#open(where),
        (reason) => connectFailed(where, reason),
      );
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.#whileConnected(() =>
      provision(
        { cluster: this.#cluster, ground: this.#ground, names: this.#names, ...this.#settings },
        topology,
        mode,
      ),
    );
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    if (this.#isClosed) return Promise.resolve(batch.map(() => CLOSED));
    return this.#publisher.publish(batch);
  }

  subscribe(source: Source, deliver: Deliver): Promise<Subscription> {
    return this.#whileConnected(async () => {
      const site = siteOf(source, this.#names);
      const { heartbeatMs, sessionMs, purgeMs } = this.#settings;
      const own = site.later === undefined ? [site.own] : [site.own, site.later];
      const partitions = await partitionsOf(this.#cluster, source, site);
      await mayConsume(this.#cluster, source, site);
      const subscription = new KafkaSubscription({
        cluster: this.#cluster,
        ground: this.#ground,
        publisher: this.#publisher,
        site,
        partitions,
        group: source.group,
        deliver,
        heartbeatMs,
        sessionMs,
        isUp: () => this.#pulse.isUp,
        purgeMs,
        purged: own.filter((topic) => !this.#names.isOther(topic)),
      });
      this.#subscriptions.set(subscription, site.groupId);
      try {
        await subscription.open();
      } catch (error) {
        this.#subscriptions.delete(subscription);
        await subscription.drain(0);
        throw provisioningError(`the group ${site.groupId}`, error);
      }
      return {
        credit: (window) => subscription.credit(window),
        drain: async (deadline) => {
          await subscription.drain(deadline);
          this.#subscriptions.delete(subscription);
        },
      };
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#whileConnected(async () => {
      const inbox = new KafkaReplyInbox(this.#cluster, this.#ground, onReply);
      try {
        await this.#ensureReplies();
        await inbox.open();
      } catch (error) {
        throw provisioningError(`topic ${REPLIES}`, error);
      }
      this.#inboxes.add(inbox);
      return {
        address: inbox.address,
        close: () => {
          this.#inboxes.delete(inbox);
          return inbox.close();
        },
      };
    });
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#states.listen(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#whileConnected(async () => {
      const site = siteOf(source, this.#names);
      await partitionsOf(this.#cluster, source, site);
      let unsettled = 0;
      for (const [subscription, group] of this.#subscriptions)
        if (group === site.groupId) unsettled += subscription.unsettled;
      return depthOf(this.#cluster, site, unsettled);
    });
  }

  async close(deadline: number): Promise<void> {
    if (this.#isClosed) return;
    this.#states.become("closed", undefined);
    await Promise.all([...this.#subscriptions.keys()].map((subscription) => subscription.drain(deadline)));
    this.#end();
    this.#states.end();
  }

  get #isClosed(): boolean {
    return this.#states.present.status === "closed";
  }

  async #open(where: Where): Promise<void> {
    try {
      await this.#pulse.open();
      await this.#cluster.lookUp([]);
      await this.#learnLimits();
    } catch (error) {
      throw connectFailed(where, error);
    }
  }

  #end(): void {
    this.#publisher.close();
    for (const inbox of this.#inboxes) void inbox.close();
    this.#pulse.close();
    this.#cluster.close();
  }

  /** Who may not ask for it has to do with what is usual. */
  async #learnLimits(): Promise<void> {
    const { resources } = await this.#cluster.anyBroker((node) => [
      "DescribeConfigs",
      {
        resources: [{ type: BROKER, name: String(node), configNames: ["message.max.bytes"] }],
        includeSynonyms: false,
      },
    ]);
    const value = resources[0]?.configEntries[0]?.configValue;
    if (resources[0]?.errorCode !== CODE.none || value === undefined || value === null) return;
    this.#batchBytes = Number(value);
    this.#capabilities = capabilitiesOf(this.#batchBytes);
  }

  async #ensureReplies(): Promise<void> {
    if ((await this.#cluster.partitionsOf(REPLIES)) !== undefined) return;
    await createTopics(this.#cluster, this.#ground, {
      wanted: [{ name: REPLIES, partitions: REPLY_PARTITIONS, retentionMs: REPLY_RETENTION_MS }],
      replication: this.#settings.replication,
    });
  }

  #whileConnected<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(closedError());
    return this.#pulse.isUp ? work() : Promise.reject(notConnected());
  }

  #tell(isUp: boolean, reason: string | undefined): void {
    if (this.#isClosed) return;
    if (isUp) for (const subscription of this.#subscriptions.keys()) subscription.resume();
    else for (const subscription of this.#subscriptions.keys()) subscription.suspend();
    this.#states.become(isUp ? "ready" : "disconnected", reason);
  }
}
