import { destinationOf, TransportLifecycle, unlessAborted, ServerVersion } from "@waybill/core/transport-kit";
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
import { DEFAULT_MAX_PAYLOAD, OLDEST_SERVER, capabilitiesOf } from "./capabilities.ts";
import { Connection } from "./connection/connection.ts";
import { connectFailed, inboxRefused, isInboxRefused, isNotEnabled, provisioningError } from "./errors.ts";
import { isWarningSubject } from "./topology/names.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publish/publisher.ts";
import { isKnownAddress, newReplyAddress } from "./wire/reply-address.ts";
import { NatsReplyInbox } from "./consume/reply-inbox.ts";
import { Permissions } from "./consume/permissions.ts";
import { checkNames, consumerInfosOf, depthOf, sourceConsumersOf, streamOf } from "./topology/sources.ts";
import { NatsSubscription } from "./consume/subscription.ts";
import { provision } from "./topology/provision.ts";

/** NATS JetStream over one connection. */
export class NatsTransport implements Transport {
  readonly name = "nats";
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #permissions = new Permissions();
  readonly #lifecycle = new TransportLifecycle<NatsSubscription, NatsReplyInbox>("NATS");
  #capabilities: Capabilities = capabilitiesOf(OLDEST_SERVER, DEFAULT_MAX_PAYLOAD);

  constructor(settings: Settings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    this.#publisher = new Publisher({
      inboxPrefix: settings.inboxPrefix,
      replyPrefixes: settings.replyPrefixes,
      ...environment,
      largestMessage: () => this.#capabilities.largestMessage,
    });
    this.#connection = new Connection({
      settings,
      environment,
      restore: (link) => {
        this.#publisher.open(link);
        for (const inbox of this.#lifecycle.inboxes) inbox.open(link);
      },
      onRefusal: (subject, reason) => {
        const isProbed = this.#permissions.refuse(subject, reason);
        const isPublished = this.#publisher.refuse(subject, reason);
        // If no caller waits for the refusal, the operator is warned.
        if (!isProbed && !isPublished && !isWarningSubject(subject)) this.#lifecycle.warn(`${reason}.`);
      },
      onChange: () => this.#connectionChanged(),
    });
  }

  /** The capabilities of the server; before the first connection those of the oldest supported server. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, warn?: (text: string) => void): Promise<void> {
    this.#lifecycle.begin(warn);
    const { addresses } = this.#settings;
    const work = async (): Promise<void> => {
      await this.#connection.open();
      await this.#checkServer();
    };
    try {
      await unlessAborted(signal, work, (reason) => connectFailed(addresses, reason));
    } catch (error) {
      if (signal.aborted) await this.#connection.close();
      else await this.#connection.reset();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.#lifecycle.whileConnected(this.#connection.link, ({ jsm }) =>
      provision({ jsm, settings: this.#settings, mode }, topology),
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
    return this.#lifecycle.whileConnected(this.#connection.link, async (link) => {
      checkNames(source);
      const { stream, base } = streamOf(source);
      const sourceConsumers = sourceConsumersOf(source);
      const [info] = await this.#permissions.probe(link, { source, consumer: sourceConsumers[0] }, () =>
        consumerInfosOf(source, link.jsm).catch((error: unknown) => {
          throw provisioningError(`stream ${stream}`, error);
        }),
      );
      const subscription = new NatsSubscription({
        publisher: this.#publisher,
        clock: this.#environment.clock,
        random: this.#environment.random,
        group: source.group,
        inboxPrefix: this.#settings.inboxPrefix,
        // The lease with which the consumer was provisioned. This process may be configured with another one.
        leaseMs: Number(info?.config.ack_wait) / 1_000_000,
        base,
        sourceConsumers,
        destination: destinationOf(source, stream),
        deliver,
        link: () => this.#connection.link,
        warn: (text) => this.#lifecycle.warn(text),
        report,
      });
      return this.#lifecycle.addSubscription(subscription);
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#lifecycle.whileConnected(this.#connection.link, async (link) => {
      const address = newReplyAddress(this.#settings.inboxPrefix, this.#environment.random);
      const inbox = new NatsReplyInbox(address, onReply);
      const admitted = this.#lifecycle.addInbox(inbox);
      await inbox.opened(link);
      return admitted;
    });
  }

  takesReplies(address: string): boolean {
    return isKnownAddress(address, this.#settings.replyPrefixes);
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#lifecycle.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#lifecycle.whileConnected(this.#connection.link, async ({ jsm }) => {
      try {
        return await depthOf(source, jsm);
      } catch (error) {
        throw provisioningError(`stream ${streamOf(source).stream}`, error);
      }
    });
  }

  async close(deadline: number): Promise<void> {
    await this.#lifecycle.close(deadline, () => {
      this.#publisher.close();
      return this.#connection.close(deadline);
    });
  }

  /** Checks version, account and permissions, and reads the capabilities. @throws MessagingError `connect-failed` */
  async #checkServer(): Promise<void> {
    const { addresses } = this.#settings;
    const { link } = this.#connection;
    const { version: text, max_payload: maxPayload = DEFAULT_MAX_PAYLOAD } = link?.nc.info ?? {};
    const version = ServerVersion.of({ addresses, broker: "NATS", version: text }, OLDEST_SERVER);
    await link?.jsm.getAccountInfo().catch((error: unknown) => {
      if (isNotEnabled(error)) throw connectFailed(addresses, error);
      if (isInboxRefused(error)) throw inboxRefused(addresses, error);
      // A user without the permission for this request may still publish and consume.
    });
    this.#capabilities = capabilitiesOf(version, maxPayload);
  }

  /** Called after every change of the connection. */
  #connectionChanged(): void {
    const { link, reason } = this.#connection;
    if (link === undefined) {
      this.#publisher.lose();
      for (const subscription of this.#lifecycle.subscriptions) subscription.suspend({ hasLease: true });
      this.#lifecycle.setState("disconnected", reason);
      return;
    }
    if (this.#lifecycle.isClosed) return;
    for (const subscription of this.#lifecycle.subscriptions) subscription.resume();
    this.#lifecycle.setState("ready", undefined);
  }
}
