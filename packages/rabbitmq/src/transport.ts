import type { ChannelModel } from "amqplib";
import { destinationOf, TransportLifecycle, unlessAborted, BrokerUrl } from "@waybill/core/transport-kit";
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
import { OLDEST_SERVER, capabilitiesOf, serverCapabilities } from "./capabilities.ts";
import { Channels } from "./connection/channels.ts";
import { Connection } from "./connection/connection.ts";
import { connectFailed, isNotFound } from "./errors.ts";
import { DeclaredEntities } from "./publish/declared-entities.ts";
import type { Settings } from "./options.ts";
import { deadLettersName } from "./topology/names.ts";
import { QueueIsolation, lossWarning, type Loss, type IsolatedConsumer } from "./consume/queue-isolation.ts";
import { Publisher } from "./publish/publisher.ts";
import { isReplyAddress } from "./wire/reply-address.ts";
import { RabbitmqReplyInbox } from "./consume/reply-inbox.ts";
import { checkSource, depthOf, entityOf, queuesOf, unknownSource } from "./topology/sources.ts";
import { RabbitmqSubscription } from "./consume/subscription.ts";
import { provision } from "./topology/provision.ts";
import { Undelivered } from "./consume/undelivered.ts";

/**
 * The RabbitMQ transport. It publishes and consumes on separate connections: RabbitMQ stops reading from a publishing
 * connection when it is short of memory or disk, and consumers must still acknowledge.
 */
export class RabbitmqTransport implements Transport {
  readonly name = "rabbitmq";
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #publishing: Connection;
  readonly #consuming: Connection;
  readonly #channels: Channels;
  readonly #declared: DeclaredEntities;
  readonly #publisher: Publisher;
  readonly #undelivered: Undelivered;
  readonly #isolation: QueueIsolation;
  readonly #lifecycle = new TransportLifecycle<RabbitmqSubscription, RabbitmqReplyInbox>("RabbitMQ");
  #capabilities: Capabilities = capabilitiesOf(OLDEST_SERVER, undefined);

  constructor(settings: Settings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    const common = { settings, environment, onChange: () => this.#updateState() };
    this.#isolation = new QueueIsolation({ clock: environment.clock, consumers: () => this.#consumers() });
    this.#publishing = new Connection({
      ...common,
      purpose: "publisher",
      otherUsedSince: () => undefined,
      onLoss: (loss) => this.#warnOf(lossWarning(loss)),
      restore: (model) => this.#publisher.open(model),
    });
    this.#consuming = new Connection({
      ...common,
      purpose: "consumer",
      otherUsedSince: () => this.#publishing.usedSince,
      onLoss: (loss) => this.#onConsumerLoss(loss),
      restore: (model) => this.#reopenInboxes(model),
    });
    this.#channels = new Channels(() => this.#consuming.model);
    this.#declared = new DeclaredEntities(this.#channels);
    this.#publisher = new Publisher({
      declared: this.#declared,
      clock: environment.clock,
      renew: () => this.#publishing.renew(),
      blocked: () => this.#publishing.blocked,
      largestMessage: () => this.#capabilities.largestMessage,
    });
    this.#undelivered = new Undelivered({
      publisher: this.#publisher,
      channels: this.#channels,
      declared: this.#declared,
      model: () => this.#consuming.model,
      environment,
      warn: (text) => this.#lifecycle.warn(text),
    });
  }

  /** The capabilities of the server; those of the oldest supported version until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, warn?: (text: string) => void): Promise<void> {
    this.#lifecycle.begin(warn);
    const addresses = this.#settings.addresses.map((address) => BrokerUrl.shown(address));
    const open = (): Promise<unknown> => Promise.all([this.#consuming.open(), this.#publishing.open()]);
    try {
      await unlessAborted(signal, open, (reason) => connectFailed(addresses, reason));
      const properties = this.#consuming.model?.connection.serverProperties;
      this.#capabilities = serverCapabilities(properties, {
        addresses,
        largestMessage: this.#settings.largestMessage,
      });
    } catch (error) {
      if (signal.aborted) await Promise.all([this.#consuming.close(), this.#publishing.close()]);
      for (const connection of [this.#consuming, this.#publishing]) connection.reset();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.#lifecycle.whileConnected(this.#consuming.model, () =>
      provision(
        {
          channels: this.#channels,
          declared: this.#declared,
          publisher: this.#publisher,
          environment: this.#environment,
        },
        topology,
        mode,
      ),
    );
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    return this.#lifecycle.isClosed
      ? Promise.resolve(this.#lifecycle.closedResults(batch))
      : this.#publisher.publish(batch);
  }

  refusalOf(message: WireMessage): PublishFailure | undefined {
    return this.#publisher.refusalOf(message);
  }

  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    return this.#lifecycle.whileConnected(this.#consuming.model, async () => {
      await checkSource(source, { channels: this.#channels, declared: this.#declared });
      const subscription = new RabbitmqSubscription({
        publisher: this.#publisher,
        clock: this.#environment.clock,
        environment: this.#environment,
        channels: this.#channels,
        declared: this.#declared,
        group: source.group,
        name: entityOf(source).name,
        queues: queuesOf(source),
        destination: destinationOf(source, deadLettersName(source.group)),
        deliver,
        report,
        model: () => this.#consuming.model,
      });
      if (source.kind !== "dead-letters") await this.#undelivered.open();
      return this.#lifecycle.addSubscription(subscription);
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#lifecycle.whileConnected(this.#consuming.model, async (model) => {
      const inbox = new RabbitmqReplyInbox(this.#environment.random, onReply);
      await inbox.open(model);
      return this.#lifecycle.addInbox(inbox);
    });
  }

  takesReplies(address: string): boolean {
    return isReplyAddress(address);
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#lifecycle.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#lifecycle.whileConnected(this.#consuming.model, async () => {
      try {
        return await depthOf(source, this.#channels);
      } catch (error) {
        throw isNotFound(error) ? unknownSource(source) : error;
      }
    });
  }

  async close(deadline: number): Promise<void> {
    await this.#lifecycle.close(deadline, () => {
      this.#publisher.close();
      this.#isolation.end();
      return Promise.all([this.#consuming.close(deadline), this.#publishing.close(deadline)]);
    });
  }

  /** Declares the reply queues on a new connection. */
  async #reopenInboxes(model: ChannelModel): Promise<void> {
    for (const inbox of this.#lifecycle.inboxes) await inbox.open(model);
  }

  #onConsumerLoss(loss: Loss): void {
    if (!this.#isolation.isActive) {
      const queues = [...this.#lifecycle.subscriptions].map(({ name }) => name);
      this.#warnOf(lossWarning(loss, queues));
    }
    this.#isolation.lost(loss);
  }

  #warnOf(text: string | undefined): void {
    if (text !== undefined) this.#lifecycle.warn(text);
  }

  #consumers(): readonly IsolatedConsumer[] {
    const { subscriptions } = this.#lifecycle;
    return subscriptions.size === 0 ? [] : [...subscriptions, this.#undelivered];
  }

  /** Derives the state of the transport from its two connections. */
  #updateState(): void {
    if (this.#lifecycle.isClosed) return;
    const lost = [this.#consuming, this.#publishing].find(({ model }) => model === undefined);
    const { status } = this.#lifecycle.state;
    if (lost !== undefined) {
      if (status !== "connecting") this.#lifecycle.setState("disconnected", lost.reason);
      return;
    }
    if (status !== "ready" && status !== "blocked") this.#isolation.resumed();
    const { blocked } = this.#publishing;
    this.#lifecycle.setState(blocked === undefined ? "ready" : "blocked", blocked);
  }
}
