import { describeThrown } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { BrokerConnection } from "./protocol/broker-connection.ts";
import type { Cluster } from "./protocol/cluster.ts";

const PAUSE_MS = { first: 50, longest: 2_000 } as const;

export interface HealthCheckOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  /** The time between two probes. */
  readonly heartbeatMs: number;
  /** Called when the cluster becomes reachable or unreachable. */
  readonly onChange: (isUp: boolean, reason: string | undefined) => void;
}

/** The probe: the request with the smallest answer. */
const PROBE = { replicaId: -1, isolationLevel: 1, topics: [] } as const;

/**
 * Checks that the cluster can be reached, by probes on a connection of its own to one of the brokers. When an answer takes
 * too long, it drops that connection and all others of the cluster. When the connection is lost, it connects to the next
 * broker at once.
 */
export class HealthCheck {
  readonly #options: HealthCheckOptions;
  #connection: BrokerConnection | undefined = undefined;
  #cancel: Cancel | undefined = undefined;
  #isUp = false;
  #isClosed = false;
  #attempts = 0;
  #pauseMs: number = PAUSE_MS.first;

  constructor(options: HealthCheckOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Connects for the first time, with one attempt for each address. @throws the error of the last attempt */
  async open(): Promise<void> {
    const { length } = this.#options.cluster.addresses;
    for (let tried = 1; ; tried++) {
      try {
        await this.#connect();
        return;
      } catch (error) {
        if (tried >= length || this.#isClosed) throw error;
      }
    }
  }

  /** Closes the connection, so that `open` can be called again. */
  reset(): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    this.#cancel?.();
    this.#cancel = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
    if (wasUp) this.#options.onChange(false, undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    this.#cancel?.();
    this.#connection?.close();
  }

  async #connect(): Promise<void> {
    const { cluster } = this.#options;
    const { addresses, settings } = cluster;
    const address = addresses[this.#attempts % addresses.length];
    this.#attempts += 1;
    if (address === undefined) throw new Error("no broker is known");
    const connection = new BrokerConnection(address, settings, (reason) => this.#lose(connection, reason));
    this.#connection = connection;
    try {
      await this.#probe(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#isClosed || this.#connection !== connection) {
      connection.close();
      throw new Error("the connection was lost at once");
    }
    this.#pauseMs = PAUSE_MS.first;
    this.#isUp = true;
    this.#options.onChange(true, undefined);
    this.#scheduleNext(connection);
  }

  #scheduleNext(connection: BrokerConnection): void {
    const { environment, heartbeatMs } = this.#options;
    this.#cancel = environment.clock.schedule(heartbeatMs, () => {
      this.#probe(connection).then(
        () => {
          if (this.#connection === connection && !this.#isClosed) this.#scheduleNext(connection);
        },
        (error: unknown) => this.#lose(connection, describeThrown(error)),
      );
    });
  }

  /** Rejects when the answer takes longer than one and a half heartbeats, or than the connect timeout at first. */
  #probe(connection: BrokerConnection): Promise<unknown> {
    const { environment, heartbeatMs, cluster } = this.#options;
    return new Promise((resolve, reject) => {
      const patienceMs = this.#isUp ? 1.5 * heartbeatMs : cluster.settings.connectTimeoutMs;
      const cancel = environment.clock.schedule(patienceMs, () => {
        const reason = "the broker does not answer";
        reject(new Error(reason));
        connection.drop(reason);
        cluster.drop(reason);
      });
      connection.send("ListOffsets", PROBE).then(resolve, reject).finally(cancel);
    });
  }

  #lose(connection: BrokerConnection, reason: string): void {
    if (this.#connection !== connection || !this.#isUp || this.#isClosed) return;
    this.#connection = undefined;
    this.#cancel?.();
    connection.close();
    const goDown = (): void => {
      if (this.#isClosed) return;
      this.#isUp = false;
      this.#options.onChange(false, reason);
      this.#retry(0);
    };
    // One of several brokers may stop. The cluster counts as lost when the next one does not answer either.
    if (this.#options.cluster.brokers > 1) this.#connect().catch(goDown);
    else goDown();
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
