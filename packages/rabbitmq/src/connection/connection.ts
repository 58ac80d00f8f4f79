import { connect, type ChannelModel } from "amqplib";
import { Backoff, withDeadline, type BrokerAddress, BrokerUrl } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { markLost } from "./channels.ts";
import { connectFailed } from "../errors.ts";
import { guardFrames } from "./frame-guard.ts";
import { ConnectionLosses, causeOf } from "./connection-losses.ts";
import type { Settings } from "../options.ts";
import type { Loss } from "../consume/queue-isolation.ts";

/** How long the broker may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 50;

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Shown in the broker's own tools. */
  readonly purpose: string;
  /** Puts on a new connection what was on the last one; a rejection means to connect anew. Called once per connection. */
  readonly restore: (model: ChannelModel) => Promise<void>;
  /** After every change of {@link Connection.model} and {@link Connection.blocked}. */
  readonly onChange: () => void;
  /** Since when the other connection holds. */
  readonly otherSince: () => number | undefined;
  /** Called before `onChange` when a connection is lost that was in use. */
  readonly onLoss: (loss: Loss) => void;
}

/** One connection that comes back by itself, with growing pauses, to the next of its addresses. */
export class Connection {
  readonly #options: ConnectionOptions;
  /** Present while it is usable: connected, and all restored. */
  model: ChannelModel | undefined = undefined;
  /** Why the broker takes nothing from this connection at the moment. */
  blocked: string | undefined = undefined;
  /** Why the connection was lost last. */
  reason: string | undefined = undefined;
  #raw: ChannelModel | undefined = undefined;
  #isClosed = false;
  /** Which try to connect is under way: one that was given up must not come to be used. */
  #round = 0;
  #at = 0;
  readonly #pauses: Backoff;
  readonly #losses: ConnectionLosses;
  #isLosing = false;
  #usedSince = 0;
  #cancelRetry: Cancel | undefined = undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#pauses = new Backoff(options.environment.random);
    this.#losses = new ConnectionLosses(options.environment.clock);
  }

  /** Since when the present connection is in use. */
  get usedSince(): number | undefined {
    return this.model === undefined ? undefined : this.#usedSince;
  }

  /** The first connection: every address is tried once. @throws MessagingError `connect-failed` */
  async open(): Promise<void> {
    const { addresses } = this.#options.settings;
    const round = this.#round;
    for (const [tried] of addresses.entries()) {
      try {
        return await this.#connect();
      } catch (error) {
        if (tried === addresses.length - 1 || this.#isClosed || round !== this.#round)
          throw connectFailed(
            addresses.map((address) => BrokerUrl.shown(address)),
            error,
          );
      }
    }
  }

  /** Gives up what was begun: `open` may be called again. */
  reset(): void {
    this.#round += 1;
    this.#cancelRetry?.();
    const raw = this.#raw;
    this.#raw = undefined;
    this.model = undefined;
    if (raw === undefined) return;
    destroy(raw);
    this.#options.onChange();
  }

  /** For good. Safe to call twice, and while connecting. */
  async close(deadline = 0): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const raw = this.#raw;
    this.model = undefined;
    if (raw === undefined) return;
    const { clock } = this.#options.environment;
    await withDeadline(clock, Math.max(deadline, clock.now() + GOODBYE_MS), raw.close());
    destroy(raw);
  }

  /** Gives the present connection up: it is open, and nothing gets through. The next one follows at once. */
  renew(): void {
    if (this.#raw !== undefined) destroy(this.#raw);
  }

  async #connect(): Promise<void> {
    const { settings, purpose, restore } = this.#options;
    const address = settings.addresses[this.#at % settings.addresses.length];
    this.#at += 1;
    if (address === undefined) return;
    const round = this.#round;
    const raw = await dial(settings, { address, purpose });
    if (this.#isClosed || round !== this.#round) {
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
    // Lost for the same reason each time, it is not made anew at full speed.
    if (!this.#isLosing) this.#pauses.reset();
    this.#options.onChange();
  }

  #watch(raw: ChannelModel): void {
    let cause = new Error("the connection was closed");
    const lose = (error: Error = cause): void => {
      destroy(raw); // after missed heartbeats amqplib waits for the other side to close
      this.reason = error.message;
      if (this.#raw !== raw) return;
      this.#raw = undefined;
      const wasUp = this.model === raw;
      this.model = undefined;
      this.blocked = undefined;
      if (!wasUp || this.#isClosed) return; // `#connect` itself sees what is lost while it restores
      const { environment, otherSince, onLoss } = this.#options;
      const usedMs = environment.clock.now() - this.#usedSince;
      this.#isLosing = this.#losses.add(error, { usedMs, otherSince: otherSince() });
      onLoss({ cause: causeOf(error), reason: error.message, isRepeated: this.#isLosing });
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
    this.#cancelRetry = this.#options.environment.clock.schedule(this.#pauses.next(), () => {
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

async function dial(settings: Settings, { address, purpose }: Target): Promise<ChannelModel> {
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
      // Without it a round trip takes 10 to 40 ms (amqplib's default is Nagle's algorithm).
      noDelay: true,
      keepAlive: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: `waybill ${purpose}` },
    },
  );
  // From the first moment on: an error that nobody hears would end the process.
  model.on("error", () => undefined);
  model.on("handler-error", () => undefined);
  guardFrames(model);
  model.on("close", () => markLost(model));
  return model;
}

/** Leaves nothing open: amqplib keeps its socket to itself, and a goodbye on a dead connection is never answered. */
function destroy(model: ChannelModel): void {
  const { connection } = model as { connection: { stream?: { destroy(error: Error): void } } };
  // With an error, or amqplib would not notice and go on sending heartbeats.
  connection.stream?.destroy(new Error("the connection was given up"));
}
