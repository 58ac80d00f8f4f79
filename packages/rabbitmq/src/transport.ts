import type { ChannelModel } from "amqplib";
import {
  destinationText,
  TransportLifecycle,
  unlessAborted,
  ServerVersion,
  BrokerUrl,
} from "@waybill/core/transport-kit";
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
import { OLDEST_SERVER, capabilitiesOf } from "./capabilities.ts";
import { Channels } from "./connection/channels.ts";
import { Connection } from "./connection/connection.ts";
import { connectFailed, isNotFound } from "./errors.ts";
import { DeclaredEntities } from "./publish/declared-entities.ts";
import { findLanes } from "./lanes/lane-queues.ts";
import type { Settings } from "./options.ts";
import { deadLettersName } from "./topology/names.ts";
import { QueueIsolation, type Loss, type IsolatedConsumer } from "./consume/queue-isolation.ts";
import { Publisher } from "./publish/publisher.ts";
import { isReplyAddress } from "./wire/reply-address.ts";
import { RabbitmqReplyInbox } from "./consume/reply-inbox.ts";
import {
  depthOf,
  mayConsume,
  placeOf,
  queuesOf,
  unknownSource,
  withoutDeadLetters,
} from "./topology/sources.ts";
import { RabbitmqSubscription } from "./consume/subscription.ts";
import { provision } from "./topology/provision.ts";
import { Undelivered } from "./consume/undelivered.ts";

/**
 * RabbitMQ over two connections: a broker short of memory or disk stops reading from one that publishes, and what
 * consumes must go on all the same.
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
  readonly #life = new TransportLifecycle<RabbitmqSubscription, RabbitmqReplyInbox>("RabbitMQ");
  #capabilities: Capabilities = capabilitiesOf(OLDEST_SERVER, undefined);

  constructor(settings: Settings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    const common = { settings, environment, onChange: () => this.#tell() };
    this.#isolation = new QueueIsolation({ clock: environment.clock, members: () => this.#consumers() });
    this.#publishing = new Connection({
      ...common,
      purpose: "publisher",
      otherSince: () => undefined,
      onLoss: (loss) => this.#tellOfLosses(loss),
      restore: (model) => this.#publisher.open(model),
    });
    this.#consuming = new Connection({
      ...common,
      purpose: "consumer",
      otherSince: () => this.#publishing.usedSince,
      onLoss: (loss) => this.#lose(loss),
      restore: (model) => this.#restore(model),
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
      tell: (notice) => this.#life.warn(notice),
    });
  }

  /** Of the oldest ServerVersion.of server until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, tell?: (notice: string) => void): Promise<void> {
    this.#life.begin(tell);
    const addresses = this.#settings.addresses.map((address) => BrokerUrl.shown(address));
    const open = (): Promise<unknown> => Promise.all([this.#consuming.open(), this.#publishing.open()]);
    try {
      await unlessAborted(signal, open, (reason) => connectFailed(addresses, reason));
      this.#judge(this.#consuming.model, addresses);
    } catch (error) {
      if (signal.aborted) await Promise.all([this.#consuming.close(), this.#publishing.close()]);
      for (const connection of [this.#consuming, this.#publishing]) connection.reset();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.#life.whileConnected(this.#consuming.model, () =>
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
    return this.#life.isClosed
      ? Promise.resolve(this.#life.closedResults(batch))
      : this.#publisher.publish(batch);
  }

  refusalOf(message: WireMessage): PublishFailure | undefined {
    return this.#publisher.refusalOf(message);
  }

  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    return this.#life.whileConnected(this.#consuming.model, async () => {
      const place = placeOf(source);
      if ((await findLanes(place, this.#declared)) !== "as wanted") throw unknownSource(source);
      await this.#findDeadLetters(source);
      await mayConsume(source, this.#channels);
      const subscription = new RabbitmqSubscription({
        publisher: this.#publisher,
        clock: this.#environment.clock,
        environment: this.#environment,
        channels: this.#channels,
        declared: this.#declared,
        group: source.group,
        name: place.name,
        queues: queuesOf(source),
        destination: destinationText(source, deadLettersName(source.group)),
        deliver,
        report,
        model: () => this.#consuming.model,
      });
      if (source.kind !== "dead-letters") await this.#undelivered.open();
      return this.#life.addSubscription(subscription);
    });
  }

  /** Without them a message that fails could not leave its queue. @throws MessagingError `unroutable` */
  async #findDeadLetters({ kind, group }: Source): Promise<void> {
    const name = deadLettersName(group);
    if (kind !== "dead-letters" && !(await this.#declared.check({ kind: "queue", name })))
      throw withoutDeadLetters(group);
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#life.whileConnected(this.#consuming.model, async (model) => {
      const inbox = new RabbitmqReplyInbox(this.#environment.random, onReply);
      await inbox.open(model);
      return this.#life.addInbox(inbox);
    });
  }

  takesReplies(address: string): boolean {
    return isReplyAddress(address);
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#life.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#life.whileConnected(this.#consuming.model, async () => {
      try {
        return await depthOf(source, this.#channels);
      } catch (error) {
        throw isNotFound(error) ? unknownSource(source) : error;
      }
    });
  }

  async close(deadline: number): Promise<void> {
    await this.#life.close(deadline, () => {
      this.#publisher.close();
      this.#isolation.end();
      return Promise.all([this.#consuming.close(deadline), this.#publishing.close(deadline)]);
    });
  }

  /** Puts everything that consumes on a new connection. */
  async #restore(model: ChannelModel): Promise<void> {
    for (const inbox of this.#life.inboxes) await inbox.open(model);
  }

  #lose(loss: Loss): void {
    if (!this.#isolation.isActive) {
      const queues = [...this.#life.subscriptions].map(({ name }) => name).join(", ");
      this.#tellOfLosses(
        loss,
        `A message may cause it, in one of these queues: ${queues}. They are now read one after the other, to find it.`,
      );
    }
    this.#isolation.lost(loss);
  }

  #tellOfLosses({ reason, isRepeated }: Loss, advice: string = "A message that is sent may cause it."): void {
    if (!isRepeated) return;
    this.#life.warn(`The connection to RabbitMQ is lost again and again (${reason}). ${advice}`);
  }

  #consumers(): readonly IsolatedConsumer[] {
    const { subscriptions: members } = this.#life;
    return members.size === 0 ? [] : [...members, this.#undelivered];
  }

  #judge(model: ChannelModel | undefined, addresses: readonly string[]): void {
    const properties = model?.connection.serverProperties;
    const { product, version: text } = properties ?? {};
    const version = ServerVersion.of(
      { addresses, broker: "RabbitMQ", product, version: text },
      OLDEST_SERVER,
    );
    this.#capabilities = capabilitiesOf(version, this.#settings.largestMessage);
  }

  /** After every change of a connection. */
  #tell(): void {
    if (this.#life.isClosed) return;
    const away = [this.#consuming, this.#publishing].find(({ model }) => model === undefined);
    if (away !== undefined) {
      if (this.#life.state.status !== "connecting") this.#life.setState("disconnected", away.reason);
      return;
    }
    if (this.#life.state.status !== "ready" && this.#life.state.status !== "blocked")
      this.#isolation.resumed();
    const { blocked } = this.#publishing;
    this.#life.setState(blocked === undefined ? "ready" : "blocked", blocked);
  }
}
