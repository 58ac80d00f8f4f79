import {
  destinationText,
  TransportLifecycle,
  unlessAborted,
  ServerVersion,
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
import { DEFAULT_MAX_PAYLOAD, OLDEST_SERVER, capabilitiesOf } from "./capabilities.ts";
import { Connection } from "./connection/connection.ts";
import { connectFailed, deafError, isDeaf, isNotEnabled, provisioningError } from "./errors.ts";
import { isForWarnings } from "./topology/names.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publish/publisher.ts";
import { isKnownAddress, mintReplyAddress } from "./wire/reply-address.ts";
import { NatsReplyInbox } from "./consume/reply-inbox.ts";
import { Permissions } from "./consume/permissions.ts";
import { checkNames, consumersOf, depthOf, originsOf, placeOf } from "./topology/sources.ts";
import { NatsSubscription } from "./consume/subscription.ts";
import { provision } from "./topology/provision.ts";

/** NATS JetStream over one connection. */
export class NatsTransport implements Transport {
  readonly name = "nats";
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #rights = new Permissions();
  readonly #life = new TransportLifecycle<NatsSubscription, NatsReplyInbox>("NATS");
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
        for (const inbox of this.#life.inboxes) inbox.open(link);
      },
      onRefusal: (subject, reason) => {
        // What nobody is told who asked for it, whoever runs the process is.
        const isTried = this.#rights.refuse(subject, reason);
        const isSent = this.#publisher.refuse(subject, reason);
        if (!isTried && !isSent && !isForWarnings(subject)) this.#life.warn(`${reason}.`);
      },
      onChange: () => this.#tell(),
    });
  }

  /** Of the oldest ServerVersion.of server until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal, tell?: (notice: string) => void): Promise<void> {
    this.#life.begin(tell);
    const { addresses } = this.#settings;
    const work = async (): Promise<void> => {
      await this.#connection.open();
      await this.#judge();
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
    return this.#life.whileConnected(this.#connection.link, ({ jsm }) =>
      provision({ jsm, care: this.#settings, mode }, topology),
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
    return this.#life.whileConnected(this.#connection.link, async (link) => {
      checkNames(source);
      const origins = originsOf(source);
      const consumers = await this.#rights.tried(link, { source, origin: origins[0] }, () =>
        consumersOf(source, link.jsm).catch((error: unknown) => {
          throw provisioningError(`stream ${placeOf(source).stream}`, error);
        }),
      );
      const subscription = new NatsSubscription({
        publisher: this.#publisher,
        clock: this.#environment.clock,
        random: this.#environment.random,
        group: source.group,
        inboxPrefix: this.#settings.inboxPrefix,
        // As it was provisioned, whatever the settings of this process say.
        leaseMs: Number(consumers[0]?.config.ack_wait) / 1_000_000,
        base: placeOf(source).base,
        origins,
        destination: destinationText(source, placeOf(source).stream),
        deliver,
        link: () => this.#connection.link,
        tell: (notice) => this.#life.warn(notice),
        report,
      });
      return this.#life.addSubscription(subscription);
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    return this.#life.whileConnected(this.#connection.link, async (link) => {
      const address = mintReplyAddress(this.#settings.inboxPrefix, this.#environment.random);
      const inbox = new NatsReplyInbox(address, onReply);
      const admitted = this.#life.addInbox(inbox);
      await inbox.opened(link);
      return admitted;
    });
  }

  takesReplies(address: string): boolean {
    return isKnownAddress(address, this.#settings.replyPrefixes);
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.#life.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.#life.whileConnected(this.#connection.link, async ({ jsm }) => {
      try {
        return await depthOf(source, jsm);
      } catch (error) {
        throw provisioningError(`stream ${placeOf(source).stream}`, error);
      }
    });
  }

  async close(deadline: number): Promise<void> {
    await this.#life.close(deadline, () => {
      this.#publisher.close();
      return this.#connection.close(deadline);
    });
  }

  /** Whether the server is one that can be worked with. @throws MessagingError `connect-failed` */
  async #judge(): Promise<void> {
    const { addresses } = this.#settings;
    const { link } = this.#connection;
    const { version: text, max_payload: maxPayload = DEFAULT_MAX_PAYLOAD } = link?.nc.info ?? {};
    const version = ServerVersion.of({ addresses, broker: "NATS", version: text }, OLDEST_SERVER);
    await link?.jsm.getAccountInfo().catch((error: unknown) => {
      if (isNotEnabled(error)) throw connectFailed(addresses, error);
      if (isDeaf(error)) throw deafError(addresses, error);
      // A user who may not ask may all the same publish and consume.
    });
    this.#capabilities = capabilitiesOf(version, maxPayload);
  }

  /** After every change of the connection. */
  #tell(): void {
    const { link, reason } = this.#connection;
    if (link === undefined) {
      this.#publisher.lose();
      for (const subscription of this.#life.subscriptions) subscription.suspend({ isHeld: true });
      this.#life.setState("disconnected", reason);
      return;
    }
    if (this.#life.isClosed) return;
    for (const subscription of this.#life.subscriptions) subscription.resume();
    this.#life.setState("ready", undefined);
  }
}
