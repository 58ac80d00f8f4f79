import { connect, type ChannelModel } from "amqplib";
import { Backoff, withDeadline, type BrokerAddress, BrokerUrl } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { markLost } from "./channels.ts";
import { connectFailed } from "../errors.ts";
import { guardFrames } from "./frame-guard.ts";
import { ConnectionLosses, causeOf } from "./connection-losses.ts";
import type { Settings } from "../options.ts";
import type { Loss } from "../consume/queue-isolation.ts";

/** The time that RabbitMQ gets to answer a close, even if the deadline of the close is earlier. */
const CLOSE_TIMEOUT_MS = 50;

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** The connection's name in RabbitMQ's tools. */
  readonly purpose: string;
  /** Restores channels on a new connection; called once per connection. If it rejects, the adapter connects again. */
  readonly restore: (model: ChannelModel) => Promise<void>;
  /** Called after every change of {@link Connection.model} and {@link Connection.blocked}. */
  readonly onChange: () => void;
  /** Returns the time since which the other connection is in use; undefined while it is not. */
  readonly otherUsedSince: () => number | undefined;
  /** Called before `onChange` when a connection in use is lost. */
  readonly onLoss: (loss: Loss) => void;
}

/** A connection that reconnects by itself, with backoff, to the next of its addresses. */
export class Connection {
  readonly #options: ConnectionOptions;
  /** The usable connection; undefined until its channels are restored. */
  model: ChannelModel | undefined = undefined;
  /** The reason why RabbitMQ accepts no messages on this connection at present. */
  blocked: string | undefined = undefined;
  /** The error text of the last loss or of the last failed attempt to connect. */
  reason: string | undefined = undefined;
  #raw: ChannelModel | undefined = undefined;
  #isClosed = false;
  /** Counts the calls of `reset`. A connection attempt from before a reset is dropped. */
  #generation = 0;
  #nextAddress = 0;
  readonly #backoff: Backoff;
  readonly #losses: ConnectionLosses;
  /** Whether the connection was lost repeatedly for one cause. */
  #isRepeated = false;
  #usedSince = 0;
  #cancelRetry: Cancel | undefined = undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.environment.random);
    this.#losses = new ConnectionLosses(options.environment.clock);
  }

  /** The time since which the present connection is in use. */
  get usedSince(): number | undefined {
    return this.model === undefined ? undefined : this.#usedSince;
  }

  /** Connects for the first time. Tries every address once. @throws MessagingError `connect-failed` */
  async open(): Promise<void> {
    const { addresses } = this.#options.settings;
    const generation = this.#generation;
    for (const [tried] of addresses.entries()) {
      try {
        return await this.#connect();
      } catch (error) {
        if (tried === addresses.length - 1 || this.#isClosed || generation !== this.#generation)
          throw connectFailed(
            addresses.map((address) => BrokerUrl.shown(address)),
            error,
          );
      }
    }
  }

  /** Drops the connection and the attempts to connect. `open` may be called again. */
  reset(): void {
    this.#generation += 1;
    this.#cancelRetry?.();
    const raw = this.#raw;
    this.#raw = undefined;
    this.model = undefined;
    if (raw === undefined) return;
    destroy(raw);
    this.#options.onChange();
  }

  /** Closes the connection for good. Safe to call twice, and while connecting. */
  async close(deadline = 0): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const raw = this.#raw;
    this.model = undefined;
    if (raw === undefined) return;
    const { clock } = this.#options.environment;
    await withDeadline(clock, Math.max(deadline, clock.now() + CLOSE_TIMEOUT_MS), raw.close());
    destroy(raw);
  }

  /** Drops an open connection on which RabbitMQ reads nothing more, and reconnects. */
  renew(): void {
    if (this.#raw !== undefined) destroy(this.#raw);
  }

  async #connect(): Promise<void> {
    const { settings, purpose, restore } = this.#options;
    const address = settings.addresses[this.#nextAddress % settings.addresses.length];
    this.#nextAddress += 1;
    if (address === undefined) return;
    const generation = this.#generation;
    const raw = await connectTo(settings, { address, purpose });
    if (this.#isClosed || generation !== this.#generation) {
      destroy(raw);
      throw new Error("the transport was closed meanwhile");
    }
    this.#raw = raw;
    this.#watch(raw);
    try {
      await restore(raw);
      if (this.#raw !== raw) throw new Error(this.reason ?? "the connection was lost at once");
    } catch (error) {
      this.#forget(raw);
      throw error;
    }
    this.model = raw;
    this.#usedSince = this.#options.environment.clock.now();
    // A connection that is lost repeatedly for one cause keeps its backoff.
    if (!this.#isRepeated) this.#backoff.reset();
    this.#options.onChange();
  }

  #watch(raw: ChannelModel): void {
    let cause = new Error("the connection was closed");
    const lose = (error: Error = cause): void => {
      destroy(raw); // amqplib waits for the server to close after missed heartbeats
      this.reason = error.message;
      if (this.#raw !== raw) return;
      this.#raw = undefined;
      const wasUp = this.model === raw;
      this.model = undefined;
      this.blocked = undefined;
      if (!wasUp || this.#isClosed) return; // `#connect` notices a loss during `restore` itself
      const { environment, otherUsedSince, onLoss } = this.#options;
      const usedMs = environment.clock.now() - this.#usedSince;
      this.#isRepeated = this.#losses.add(error, { usedMs, otherUsedSince: otherUsedSince() });
      onLoss({ cause: causeOf(error), reason: error.message, isRepeated: this.#isRepeated });
      this.#options.onChange();
      this.#retry();
    };
    raw.on("error", (error: Error) => {
      this.reason = error.message;
      cause = error;
    });
    raw.on("close", lose);
    const block = (reason: string | undefined): void => {
      this.blocked = reason;
      if (this.model === raw) this.#options.onChange();
    };
    raw.on("blocked", (reason: string) => block(reason));
    raw.on("unblocked", () => block(undefined));
  }

  #forget(raw: ChannelModel): void {
    if (this.#raw === raw) this.#raw = undefined;
    destroy(raw);
  }

  #retry(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.environment.clock.schedule(this.#backoff.next(), () => {
      this.#connect().catch((error: unknown) => {
        this.reason = error instanceof Error ? error.message : String(error);
        this.#retry();
      });
    });
  }
}

interface Target {
  readonly address: BrokerAddress;
  readonly purpose: string;
}

async function connectTo(settings: Settings, { address, purpose }: Target): Promise<ChannelModel> {
  const { protocol, username, password, vhost, heartbeatSeconds, connectTimeoutMs, tls } = settings;
  const model = await connect(
    {
      protocol,
      hostname: address.host,
      port: address.port,
      username,
      password,
      vhost: encodeURIComponent(vhost),
      heartbeat: heartbeatSeconds,
    },
    {
      ...tls,
      // amqplib enables Nagle's algorithm by default, with which a round trip takes 10 to 40 ms.
      noDelay: true,
      keepAlive: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: `waybill ${purpose}` },
    },
  );
  // An error event without a listener would end the process.
  model.on("error", () => undefined);
  model.on("handler-error", () => undefined);
  guardFrames(model);
  model.on("close", () => markLost(model));
  return model;
}

/** Destroys the socket, which amqplib does not expose. A dead connection would never answer a close. */
function destroy(model: ChannelModel): void {
  const { connection } = model as { connection: { stream?: { destroy(error: Error): void } } };
  // Without an error amqplib would not notice the close and would keep sending heartbeats.
  connection.stream?.destroy(new Error("the adapter dropped the connection"));
}
