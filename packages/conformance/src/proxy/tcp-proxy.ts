import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { MessagingError, type Clock } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { ConfirmationRule } from "./confirmation-rule.ts";
import { type Direction, type Line, openLine } from "./line.ts";
import { Link } from "./link.ts";

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * A way to a broker that can be disturbed: listens on a free port of the loopback interface and passes on what
 * comes. Faults hold for present and later connections until `restore`; they may be combined.
 */
export class TcpProxy {
  readonly #target: Address;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #lines: Readonly<Record<Direction, Line>> = {
    "to-broker": openLine(),
    "to-client": openLine(),
  };
  #accepted = 0;
  #refuses = false;
  #traffic = 0;

  private constructor(target: Address, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    // Half-open and paused until the pipes are there: each direction ends by itself, and no byte is missed.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      this.#accept(client),
    );
  }

  /** Opens a proxy to a broker; rejects only if the machine has no port to listen on. */
  static async open(target: Address, clock: Clock = systemEnvironment.clock): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, clock);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** Where clients connect to. */
  get address(): Address {
    const bound = this.#server.address();
    if (bound !== null && typeof bound === "object") return { host: "127.0.0.1", port: bound.port };
    throw new MessagingError("closed", { what: "This proxy is closed.", advice: "Open another one." });
  }

  /** How many connections there are now. */
  get connections(): number {
    return this.#links.size;
  }

  /** How many connections were passed on in all; refused ones do not count. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many bytes have passed, both ways together. */
  get traffic(): number {
    return this.#traffic;
  }

  /** Closes all connections; later ones are refused until `restore`. */
  cut(): void {
    this.refuse();
    for (const link of [...this.#links]) link.destroy();
  }

  /** Resets all connections (RST to both ends); later ones pass. */
  reset(): void {
    for (const link of [...this.#links]) link.reset();
  }

  /** Resets later connections at once; present ones stay. The port is kept, so that nobody else can take it. */
  refuse(): void {
    this.#refuses = true;
  }

  /** Half-open: nothing passes either way, not even that an end is gone; later connections are accepted into the same silence. */
  stall(): void {
    for (const line of this.#both()) line.isStalled = true;
    this.#move();
  }

  /** Ends `stall`: what was held back passes now, in order. */
  resume(): void {
    for (const line of this.#both()) line.isStalled = false;
    this.#move();
  }

  /** Every byte takes so long, each way; 0 for no delay. */
  slow(latencyMs: number): void {
    for (const line of this.#both()) line.latencyMs = latencyMs;
    this.#move();
  }

  /** Each connection passes at most so much each way; `Infinity` for no limit. */
  throttle(bytesPerSecond: number): void {
    for (const line of this.#both()) line.bytesPerSecond = bytesPerSecond;
    this.#move();
  }

  /**
   * After so many more bytes in one direction, of all connections together, every connection is reset, most likely in
   * the middle of something. Once; resolves when it has happened, never when `restore` comes first.
   */
  dropAfter(bytes: number, direction: Direction): Promise<void> {
    return new Promise((resolve) => {
      const line = this.#lines[direction];
      const spent = (): void => {
        line.budget = undefined;
        this.reset();
        resolve();
      };
      line.budget = { left: bytes, spent };
      if (bytes === 0) spent();
    });
  }

  /**
   * What the broker says is thrown away from now on, what the client says passes: confirmations are lost. Resolves once
   * so many bytes of one connection were hidden, never when `restore` comes first. `restore` resets connections that lost bytes.
   *
   * @param rule hides from the first confirmation on, and resolves with it
   */
  hideReplies(atLeast: number = 1, rule?: ConfirmationRule): Promise<void> {
    return new Promise((resolve) => {
      const answers = this.#lines["to-client"];
      const hidden = (bytes: number): void => {
        if (rule !== undefined || bytes >= atLeast) resolve();
      };
      const hide = (): void => void (answers.hiding = { hidden });
      if (rule === undefined) return hide();
      this.#lines["to-broker"].watch = (bytes) => rule.asked(bytes);
      answers.watch = (bytes) => {
        if (rule.confirms(bytes)) hide();
      };
    });
  }

  /** Ends every fault. Harmless where there is none. */
  restore(): void {
    this.#refuses = false;
    for (const line of this.#both()) Object.assign(line, openLine());
    for (const link of [...this.#links]) if (link.hasHidden) link.reset();
    this.#move();
  }

  /** Resets what is connected and gives up the port. */
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
      lines: this.#lines,
      clock: this.#clock,
      passed: (bytes) => void (this.#traffic += bytes),
      over: () => void this.#links.delete(link),
    });
    this.#links.add(link);
  }

  #move(): void {
    for (const link of [...this.#links]) link.move();
  }

  #both(): readonly Line[] {
    return Object.values(this.#lines);
  }
}
