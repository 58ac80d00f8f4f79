import {
  MessagingError,
  States,
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
import {
  DEFAULT_MAX_PAYLOAD,
  OLDEST_SERVER,
  capabilitiesOf,
  isAtLeast,
  parseVersion,
} from "./capabilities.ts";
import { Connection, type Link } from "./connection.ts";
import {
  closedError,
  connectFailed,
  isNotEnabled,
  notConnected,
  provisioningError,
  refusal,
} from "./errors.ts";
import type { Settings } from "./options.ts";
import { Publisher } from "./publisher.ts";
import { mintReplyAddress } from "./reply-address.ts";
import { NatsReplyInbox } from "./reply-inbox.ts";
import { consumersOf, depthOf, destinationOf, originsOf, placeOf } from "./sources.ts";
import { NatsSubscription } from "./subscription.ts";
import { provision } from "./topology.ts";

const CLOSED: PublishResult = { ok: false, error: refusal("closed", "The transport is closed.") };

/** NATS JetStream over one connection. */
export class NatsTransport implements Transport {
  readonly name = "nats";
  readonly #settings: Settings;
  readonly #ground: Ground;
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #states = new States();
  readonly #subscriptions = new Set<NatsSubscription>();
  readonly #inboxes = new Set<NatsReplyInbox>();
  #capabilities: Capabilities = capabilitiesOf(OLDEST_SERVER, DEFAULT_MAX_PAYLOAD);

  constructor(settings: Settings, ground: Ground) {
    this.#settings = settings;
    this.#ground = ground;
    this.#publisher = new Publisher({
      inboxPrefix: settings.inboxPrefix,
      ...ground,
      largestMessage: () => this.#capabilities.largestMessage,
    });
    this.#connection = new Connection({
      settings,
      ground,
      restore: (link) => {
        this.#publisher.open(link);
        for (const inbox of this.#inboxes) inbox.open(link);
      },
      onRefusal: (subject, reason) => this.#publisher.refuse(subject, reason),
      onChange: () => this.#tell(),
    });
  }

  /** Of the oldest supported server until connected. */
  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  async connect(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw closedError();
    const { addresses } = this.#settings;
    const work = async (): Promise<void> => {
      await this.#connection.open();
      await this.#judge();
    };
    try {
      await unlessAborted(signal, work, (reason) => connectFailed(addresses, reason));
    } catch (error) {
      await this.#connection.close();
      throw error;
    }
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.#whileConnected(({ jsm }) => provision({ jsm, care: this.#settings, mode }, topology));
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    if (this.#isClosed) return Promise.resolve(batch.map(() => CLOSED));
    return this.#publisher.publish(batch);
  }

  subscribe(source: Source, deliver: Deliver): Promise<Subscription> {
    return this.#whileConnected(async ({ jsm }) => {
      const consumers = await consumersOf(source, jsm).catch((error: unknown) => {
        throw provisioningError(`stream ${placeOf(source).stream}`, error);
      });
      const subscription = new NatsSubscription({
        publisher: this.#publisher,
        clock: this.#ground.clock,
        random: this.#ground.random,
        group: source.group,
        inboxPrefix: this.#settings.inboxPrefix,
        // As it was provisioned, whatever the settings of this process say.
        leaseMs: Number(consumers[0]?.config.ack_wait) / 1_000_000,
        base: placeOf(source).base,
        origins: originsOf(source),
        destination: destinationOf(source),
        deliver,
        link: () => this.#connection.link,
      });
      this.#subscriptions.add(subscription);
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
    return this.#whileConnected(async (link) => {
      const address = mintReplyAddress(this.#settings.inboxPrefix, this.#ground.random);
      const inbox = new NatsReplyInbox(address, onReply);
      this.#inboxes.add(inbox);
      await inbox.opened(link);
      return {
        address,
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
    return this.#whileConnected(async ({ jsm }) => {
      try {
        return await depthOf(source, jsm);
      } catch (error) {
        throw provisioningError(`stream ${placeOf(source).stream}`, error);
      }
    });
  }

  async close(deadline: number): Promise<void> {
    if (this.#isClosed) return;
    this.#states.become("closed", undefined);
    const subscriptions = [...this.#subscriptions];
    await Promise.all(subscriptions.map((subscription) => subscription.drain(deadline)));
    this.#publisher.close();
    await this.#connection.close(deadline);
    this.#states.end();
  }

  get #isClosed(): boolean {
    return this.#states.present.status === "closed";
  }

  #whileConnected<Answer>(work: (link: Link) => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(closedError());
    const { link } = this.#connection;
    return link === undefined ? Promise.reject(notConnected()) : work(link);
  }

  /** Whether the server is one that can be worked with. @throws MessagingError `connect-failed` */
  async #judge(): Promise<void> {
    const { addresses } = this.#settings;
    const { link } = this.#connection;
    const { version: text, max_payload: maxPayload = DEFAULT_MAX_PAYLOAD } = link?.nc.info ?? {};
    const version = parseVersion(text);
    if (version === undefined || !isAtLeast(version, OLDEST_SERVER))
      throw new MessagingError("connect-failed", {
        what: `The server at ${addresses.join(", ")} is NATS ${text ?? "of an unknown version"}, not ${OLDEST_SERVER.join(".")} or newer.`,
        advice: "Update it.",
      });
    await link?.jsm.getAccountInfo().catch((error: unknown) => {
      if (isNotEnabled(error)) throw connectFailed(addresses, error);
      // A user who may not ask may all the same publish and consume.
    });
    this.#capabilities = capabilitiesOf(version, maxPayload);
  }

  /** After every change of the connection. */
  #tell(): void {
    const { link, reason } = this.#connection;
    if (link === undefined) {
      this.#publisher.lose();
      for (const subscription of this.#subscriptions) subscription.suspend({ isHeld: true });
      if (!this.#isClosed) this.#states.become("disconnected", reason);
      return;
    }
    if (this.#isClosed) return;
    for (const subscription of this.#subscriptions) subscription.resume();
    this.#states.become("ready", undefined);
  }
}
