import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream";
import type { Msg, NatsConnection, SubscriptionOptions } from "@nats-io/transport-node";
import { Backoff, describeThrown, withDeadline } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { writerOf } from "./client-internals.ts";
import { clientOptions } from "./client-options.ts";
import { connectFailed } from "../errors.ts";
import type { Settings } from "../options.ts";
import { WriteCoalescer } from "./write-coalescer.ts";
import { Servers } from "./servers.ts";

/** How long the server may take to read the last bytes after the deadline of a close. */
const CLOSE_TIMEOUT_MS = 100;

/** One connection to a server, until it is lost. Its subscriptions and requests end with it. */
export interface ServerLink {
  readonly nc: NatsConnection;
  /** Writes messages to it. */
  readonly writes: WriteCoalescer;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** The prefix of the subjects of the JetStream API. */
  readonly api: string;
  /** Resolves when it is lost or closed. */
  readonly lost: Promise<unknown>;
}

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Repeats the subscriptions of the last link on a new one. Called once per link. */
  readonly restore: (link: ServerLink) => void;
  /** Called when the server refuses a publish or a subscription to a subject. */
  readonly onRefusal: (subject: string, reason: string) => void;
  /** Called after every change of {@link Connection.link}. */
  readonly onChange: () => void;
}

/**
 * A connection that reconnects by itself, with backoff. The client's own reconnect would silently drop messages that are
 * written meanwhile. Here each link is a new connection of the client, so nothing of an old link is mistaken for the new.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  /** Present while connected. */
  link: ServerLink | undefined = undefined;
  /** Why the last connection was lost. */
  reason: string | undefined = undefined;
  readonly #servers: Servers;
  #isClosed = false;
  /** How often the connection was reset. A connection that was begun before a reset is closed. */
  #resets = 0;
  readonly #backoff: Backoff;
  #cancelRetry: Cancel | undefined = undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.environment.random);
    this.#servers = new Servers(options.settings.addresses, options.environment.random);
  }

  /** Makes the first connection; tries every address once. @throws MessagingError `connect-failed` */
  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      throw connectFailed(this.#options.settings.addresses, error);
    }
  }

  /** Closes or gives up the connection. `open` may be called again. */
  async reset(): Promise<void> {
    this.#resets += 1;
    this.#cancelRetry?.();
    const { link } = this;
    this.link = undefined;
    if (link === undefined) return;
    await link.nc.close();
    this.#options.onChange();
  }

  /** Closes the connection for good, after the server has read all written bytes or at the deadline. Safe to call twice, and while connecting. */
  async close(deadline = 0): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const { link } = this;
    this.link = undefined;
    if (link === undefined) return;
    const { clock } = this.#options.environment;
    await withDeadline(clock, Math.max(deadline, clock.now() + CLOSE_TIMEOUT_MS), link.writes.flushed());
    await link.nc.close();
  }

  async #connect(): Promise<void> {
    const { settings, restore } = this.#options;
    const resets = this.#resets;
    const nc = await this.#servers.connect(clientOptions(settings));
    if (this.#isClosed || resets !== this.#resets) {
      await nc.close();
      throw new Error("the transport was closed while it connected");
    }
    const link = await linkOf(nc, settings);
    try {
      restore(link);
    } catch (error) {
      await nc.close();
      throw error;
    }
    this.link = link;
    this.#backoff.reset();
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
        this.#lose(link, "the server does not answer heartbeats");
      } else if (status.type === "update") {
        this.#servers.learn(status.added ?? []);
      }
    }
  }

  #lose(link: ServerLink, reason: string | undefined): void {
    // After missed heartbeats the client would wait until the last bytes are written, to a socket that takes none.
    void link.nc.close();
    if (this.link !== link) return;
    this.link = undefined;
    if (reason !== undefined) this.reason = reason;
    this.#options.onChange();
    this.#retry();
  }

  #retry(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.environment.clock.schedule(this.#backoff.next(), () => {
      this.#connect().catch((error: unknown) => {
        this.reason = describeThrown(error);
        this.#retry();
      });
    });
  }
}

/** Returns subscription options that pass messages to a callback. Errors are ignored here, because the connection reports them in its status. */
export function messagesOnly(onMessage: (msg: Msg) => void): SubscriptionOptions {
  return {
    callback: (error, msg) => {
      if (error === null) onMessage(msg);
    },
  };
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
