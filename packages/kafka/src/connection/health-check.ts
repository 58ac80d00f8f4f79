import { describeThrown } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import type { Cluster } from "./protocol/cluster.ts";
import { BrokerConnection } from "./protocol/broker-connection.ts";

const PAUSE_MS = { first: 50, longest: 2_000 } as const;

export interface PulseOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  /** How often the connection is made sure of. */
  readonly heartbeatMs: number;
  /** A broker can be reached, or none can any more. Called on every change. */
  readonly onChange: (isUp: boolean, reason: string | undefined) => void;
}

/** Asks for nothing: the smallest answer that there is. */
const NOTHING = { replicaId: -1, isolationLevel: 1, topics: [] } as const;

/**
 * Knows whether there is a way to the cluster: a connection of its own to one of its brokers, which is asked for nothing now
 * and then. One that is silent for too long is given up, and every other connection with it; one that is lost is
 * replaced by one to the next broker at once.
 */
export class HealthCheck {
  readonly #options: PulseOptions;
  #link: BrokerConnection | undefined = undefined;
  #cancel: Cancel | undefined = undefined;
  #isUp = false;
  #isClosed = false;
  #at = 0;
  #pauseMs: number = PAUSE_MS.first;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The first connection: every address is tried once. Rejects with what the last one said. */
  async open(): Promise<void> {
    const tries = this.#options.cluster.addresses.length;
    for (let tried = 1; ; tried++) {
      try {
        await this.#connect();
        return;
      } catch (error) {
        if (tried >= tries || this.#isClosed) throw error;
      }
    }
  }

  /** Gives up what was begun: `open` may be called again. */
  reset(): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    this.#cancel?.();
    this.#cancel = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.close();
    if (wasUp) this.#options.onChange(false, undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    this.#cancel?.();
    this.#link?.close();
  }

  async #connect(): Promise<void> {
    const { cluster } = this.#options;
    const { addresses, wiring } = cluster;
    const address = addresses[this.#at % addresses.length];
    this.#at += 1;
    if (address === undefined) throw new Error("no broker is known");
    const link = new BrokerConnection(address, wiring, (reason) => this.#lose(link, reason));
    this.#link = link;
    try {
      await this.#ask(link);
    } catch (error) {
      link.close();
      throw error;
    }
    if (this.#isClosed || this.#link !== link) {
      link.close();
      throw new Error("the connection was lost at once");
    }
    this.#pauseMs = PAUSE_MS.first;
    this.#isUp = true;
    this.#options.onChange(true, undefined);
    this.#later(link);
  }

  /** The next question after a while. */
  #later(link: BrokerConnection): void {
    const { environment, heartbeatMs } = this.#options;
    this.#cancel = environment.clock.schedule(heartbeatMs, () => {
      this.#ask(link).then(
        () => {
          if (this.#link === link && !this.#isClosed) this.#later(link);
        },
        (error: unknown) => this.#lose(link, describeThrown(error)),
      );
    });
  }

  /** Rejects when no answer comes for longer than a heartbeat. */
  #ask(link: BrokerConnection): Promise<unknown> {
    const { environment, heartbeatMs, cluster } = this.#options;
    return new Promise((resolve, reject) => {
      const patienceMs = this.#isUp ? 1.5 * heartbeatMs : cluster.wiring.connectTimeoutMs;
      const cancel = environment.clock.schedule(patienceMs, () => {
        const reason = "the broker has fallen silent";
        reject(new Error(reason));
        link.drop(reason);
        cluster.drop(reason);
      });
      link.send("ListOffsets", NOTHING).then(resolve, reject).finally(cancel);
    });
  }

  #lose(link: BrokerConnection, reason: string): void {
    if (this.#link !== link || !this.#isUp || this.#isClosed) return;
    this.#link = undefined;
    this.#cancel?.();
    link.close();
    const down = (): void => {
      if (this.#isClosed) return;
      this.#isUp = false;
      this.#options.onChange(false, reason);
      this.#retry(0);
    };
    // Of several brokers one may go: the way to the cluster is lost when the next does not answer either.
    if (this.#options.cluster.brokers > 1) this.#connect().catch(down);
    else down();
  }

  #retry(pauseMs: number): void {
    if (this.#isClosed) return;
    const { clock, random } = this.#options.environment;
    this.#cancel = clock.schedule(pauseMs * (0.5 + random.next() / 2), () => {
      this.#connect().catch(() => {
        const next = this.#pauseMs;
        this.#pauseMs = Math.min(PAUSE_MS.longest, this.#pauseMs * 2);
        this.#retry(next);
      });
    });
  }
}
