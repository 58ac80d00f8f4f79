import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream";
import type { Msg, NatsConnection, SubscriptionOptions } from "@nats-io/transport-node";
import { Backoff, describeThrown, withDeadline } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { clientOptions } from "./client-options.ts";
import { connectFailed } from "../errors.ts";
import type { Settings } from "../options.ts";
import { WriteCoalescer } from "./write-coalescer.ts";
import { Servers } from "./servers.ts";

/** How long the server may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 100;

/** One connection, from its making to its loss; what was made on it dies with it. */
export interface ServerLink {
  readonly nc: NatsConnection;
  /** What is published on it. */
  readonly writes: WriteCoalescer;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** What the subjects of the JetStream API begin with. */
  readonly api: string;
  /** Resolves when it is lost or closed. */
  readonly lost: Promise<unknown>;
}

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Puts on a new link what was on the last one. Called once per link. */
  readonly restore: (link: ServerLink) => void;
  /** The server refuses what was sent to a subject, or a subscription to it. */
  readonly onRefusal: (subject: string, reason: string) => void;
  /** After every change of {@link Connection.link}. */
  readonly onChange: () => void;
}

/**
 * A connection that comes back by itself, with growing pauses. The client could do that too, but drops what was written
 * meanwhile without a word: here each link is a new connection, and what belongs to an old one cannot be mistaken for new.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  /** Present while it is usable. */
  link: ServerLink | undefined = undefined;
  /** Why the connection was lost last. */
  reason: string | undefined = undefined;
  readonly #servers: Servers;
  #isClosed = false;
  /** Which try to connect is under way: one that was given up must not come to be used. */
  #round = 0;
  readonly #pauses: Backoff;
  #cancelRetry: Cancel | undefined = undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#pauses = new Backoff(options.environment.random);
    this.#servers = new Servers(options.settings.addresses, options.environment.random);
  }

  /** The first connection: every address is tried once. @throws MessagingError `connect-failed` */
  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      throw connectFailed(this.#options.settings.addresses, error);
    }
  }

  /** Gives up what was begun: `open` may be called again. */
  async reset(): Promise<void> {
    this.#round += 1;
    this.#cancelRetry?.();
    const { link } = this;
    this.link = undefined;
    if (link === undefined) return;
    await link.nc.close();
    this.#options.onChange();
  }

  /** For good: what was written leaves before the deadline, if the server still listens. Safe to call twice, and while connecting. */
  async close(deadline = 0): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const { link } = this;
    this.link = undefined;
    if (link === undefined) return;
    const { clock } = this.#options.environment;
    await withDeadline(clock, Math.max(deadline, clock.now() + GOODBYE_MS), link.writes.flushed());
    await link.nc.close();
  }

  async #connect(): Promise<void> {
    const { settings, restore } = this.#options;
    const round = this.#round;
    const nc = await this.#servers.connect(clientOptions(settings));
    if (this.#isClosed || round !== this.#round) {
      await nc.close();
      throw new Error("the transport was closed meanwhile");
    }
    const link = await linkOf(nc, settings);
    try {
      restore(link);
    } catch (error) {
      await nc.close();
      throw error;
    }
    this.link = link;
    this.#pauses.reset();
    void nc.closed().then((error) => this.#lose(link, error ? describeThrown(error) : undefined));
    this.#listen(link).catch(() => undefined);
    this.#options.onChange();
  }

  async #listen(link: ServerLink): Promise<void> {
    for await (const status of link.nc.status()) {
      if (status.type === "error") {
        this.reason = status.error.message;
        const { error } = status as { error: { subject?: string; message: string } };
        if (error.subject !== undefined) this.#options.onRefusal(error.subject, error.message);
      } else if (status.type === "staleConnection") {
        this.#lose(link, "the server has fallen silent");
      } else if (status.type === "update") {
        this.#servers.learn(status.added ?? []);
      }
    }
  }

  #lose(link: ServerLink, reason: string | undefined): void {
    // After missed heartbeats the client would wait until the last bytes are written, on a line that takes none.
    void link.nc.close();
    if (this.link !== link) return;
    this.link = undefined;
    if (reason !== undefined) this.reason = reason;
    this.#options.onChange();
    this.#retry();
  }

  #retry(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.environment.clock.schedule(this.#pauses.next(), () => {
      this.#connect().catch((error: unknown) => {
        this.reason = describeThrown(error);
        this.#retry();
      });
    });
  }
}

/** For a subscription: messages alone, no word about the subscription itself. That is told as the connection's status. */
export function heard(onMessage: (msg: Msg) => void): SubscriptionOptions {
  return {
    callback: (error, msg) => {
      if (error === null) onMessage(msg);
    },
  };
}

/**
 * The way by which the client itself writes, past its `publish`, which makes four pieces of each message and joins them
 * again: a tenth of what a message costs.
 */
function writerOf(nc: NatsConnection): (bytes: Uint8Array) => void {
  const { protocol } = nc as NatsConnection & {
    readonly protocol?: { readonly sendCommand?: (bytes: Uint8Array) => void };
  };
  if (typeof protocol?.sendCommand !== "function") throw new TypeError("the client writes in another way");
  return (bytes) => protocol.sendCommand?.(bytes);
}

async function linkOf(nc: NatsConnection, { domain, connectTimeoutMs }: Settings): Promise<ServerLink> {
  const options = { timeout: connectTimeoutMs, ...(domain !== undefined && { domain }) };
  const jsm = await jetstreamManager(nc, { ...options, checkAPI: false });
  const api = domain === undefined ? "$JS.API" : `$JS.${domain}.API`;
  return {
    nc,
    writes: new WriteCoalescer(nc, writerOf(nc)),
    jsm,
    js: jetstream(nc, options),
    api,
    lost: nc.closed(),
  };
}
