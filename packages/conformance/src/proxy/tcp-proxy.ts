import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type Clock, MessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { ConfirmationRule } from "./confirmation-rule.ts";
import { type Direction, type DirectionFaults, noFaults } from "./direction-faults.ts";
import { Link } from "./link.ts";

/** A host and port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * A TCP proxy with faults: listens on a free port of the loopback interface and forwards to a broker. Faults apply to
 * current and later connections until `restore`, and can be combined.
 */
export class TcpProxy {
  readonly #target: Address;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #faults: Readonly<Record<Direction, DirectionFaults>> = {
    "to-broker": noFaults(),
    "to-client": noFaults(),
  };
  #accepted = 0;
  #refuses = false;
  #traffic = 0;

  private constructor(target: Address, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    // Half-open, so that each direction ends independently; paused, so that no byte is lost before the pipes exist.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      this.#accept(client),
    );
  }

  /** Opens a proxy to a broker. Rejects only if the machine has no free port. */
  static async open(target: Address, clock: Clock = systemEnvironment.clock): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, clock);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The address for clients. @throws MessagingError `closed` after close */
  get address(): Address {
    const bound = this.#server.address();
    if (bound !== null && typeof bound === "object") return { host: "127.0.0.1", port: bound.port };
    throw new MessagingError("closed", { what: "This proxy is closed.", advice: "Open another proxy." });
  }

  /** The number of current connections. */
  get connections(): number {
    return this.#links.size;
  }

  /** The number of connections forwarded so far, without refused ones. */
  get accepted(): number {
    return this.#accepted;
  }

  /** The number of bytes passed so far, in both directions. */
  get traffic(): number {
    return this.#traffic;
  }

  /** Closes all connections and refuses new ones until `restore`. */
  cut(): void {
    this.refuse();
    for (const link of [...this.#links]) link.destroy();
  }

  /** Resets all connections (RST to both ends); new ones pass. */
  reset(): void {
    for (const link of [...this.#links]) link.reset();
  }

  /** Resets new connections immediately; current ones stay. The port stays in use, so that no other program can take it. */
  refuse(): void {
    this.#refuses = true;
  }

  /**
   * Makes all connections half-open: no byte and no close of a connection passes in either direction. New connections are
   * accepted and stalled, too.
   */
  stall(): void {
    for (const faults of this.#bothDirections()) faults.isStalled = true;
    this.#update();
  }

  /** Ends `stall`: delayed bytes pass, in order. */
  resume(): void {
    for (const faults of this.#bothDirections()) faults.isStalled = false;
    this.#update();
  }

  /** Delays every byte by this time in each direction; 0 for no delay. */
  slow(latencyMs: number): void {
    for (const faults of this.#bothDirections()) faults.latencyMs = latencyMs;
    this.#update();
  }

  /** Limits each connection to this rate in each direction; `Infinity` for no limit. */
  throttle(bytesPerSecond: number): void {
    for (const faults of this.#bothDirections()) faults.bytesPerSecond = bytesPerSecond;
    this.#update();
  }

  /**
   * Resets every connection once, after this many more bytes of all connections in one direction, most likely in the
   * middle of a frame. Resolves after the reset; never if `restore` is called first.
   */
  dropAfter(bytes: number, direction: Direction): Promise<void> {
    return new Promise((resolve) => {
      const faults = this.#faults[direction];
      const spent = (): void => {
        faults.budget = undefined;
        this.reset();
        resolve();
      };
      faults.budget = { left: bytes, onSpent: spent };
      if (bytes === 0) spent();
    });
  }

  /**
   * Discards the broker's bytes from now on, while the client's bytes pass: confirmations are lost. Resolves once this
   * many bytes of one connection were discarded; never if `restore` is called first. `restore` resets connections that
   * lost bytes.
   *
   * @param rule if given, discards from the first confirmation on and resolves with it
   */
  hideReplies(atLeast: number = 1, rule?: ConfirmationRule): Promise<void> {
    return new Promise((resolve) => {
      const replies = this.#faults["to-client"];
      const onDiscarded = (bytes: number): void => {
        if (rule !== undefined || bytes >= atLeast) resolve();
      };
      const discard = (): void => void (replies.discarding = { onDiscarded });
      if (rule === undefined) return discard();
      this.#faults["to-broker"].onChunk = (bytes) => rule.observeSent(bytes);
      replies.onChunk = (bytes) => {
        if (rule.confirms(bytes)) discard();
      };
    });
  }

  /** Ends every fault. Without effect if there is none. */
  restore(): void {
    this.#refuses = false;
    for (const faults of this.#bothDirections()) Object.assign(faults, noFaults());
    for (const link of [...this.#links]) if (link.hasDiscarded) link.reset();
    this.#update();
  }

  /** Resets all connections and closes the port. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.reset();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#refuses) {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    this.#accepted++;
    const broker = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const link = new Link({
      client,
      broker,
      faults: this.#faults,
      clock: this.#clock,
      onBytes: (bytes) => void (this.#traffic += bytes),
      onClosed: () => void this.#links.delete(link),
    });
    this.#links.add(link);
  }

  #update(): void {
    for (const link of [...this.#links]) link.update();
  }

  #bothDirections(): readonly DirectionFaults[] {
    return Object.values(this.#faults);
  }
}
