import type { Socket } from "node:net";
import type { Clock } from "@waybill/core/transport";
import type { Direction, Line } from "./line.ts";
import { Pipe } from "./pipe.ts";

export interface LinkParts {
  readonly client: Socket;
  readonly broker: Socket;
  readonly lines: Readonly<Record<Direction, Line>>;
  readonly clock: Clock;
  /** Called with the size of everything that passes, either way. */
  readonly passed: (bytes: number) => void;
  /** Called once, when both ends are closed. */
  readonly over: () => void;
}

/** One connection through a proxy: both its sockets, which live and die together. */
export class Link {
  readonly #parts: LinkParts;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  readonly #closed = new Set<Socket>();
  #isBroken = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { client, broker, lines, clock, passed } = parts;
    for (const socket of [client, broker]) {
      // What went wrong shows in the close that follows.
      socket.on("error", () => undefined);
      socket.on("close", (hadError) => this.#ended(socket, hadError));
    }
    this.#pipes = {
      "to-broker": new Pipe({ from: client, to: broker, line: lines["to-broker"], clock, passed }),
      "to-client": new Pipe({ from: broker, to: client, line: lines["to-client"], clock, passed }),
    };
  }

  /** Whether bytes were thrown away on it. */
  get hasHidden(): boolean {
    return Object.values(this.#pipes).some(({ hasHidden }) => hasHidden);
  }

  /** The conditions have changed. */
  move(): void {
    if (this.#isBroken && !this.#isStalled()) this.reset();
    for (const pipe of Object.values(this.#pipes)) pipe.move();
  }

  /** Both ends see a connection that ends in order. */
  destroy(): void {
    this.#parts.client.destroy();
    this.#parts.broker.destroy();
  }

  /** Both ends see a connection reset. */
  reset(): void {
    const { client, broker } = this.#parts;
    client.resetAndDestroy();
    broker.resetAndDestroy();
  }

  #ended(socket: Socket, hadError: boolean): void {
    this.#closed.add(socket);
    if (this.#closed.size === 2) {
      this.#parts.over();
      return;
    }
    // An end in order was passed on by the pipes; through a stalled line even the news of a reset does not get.
    if (!hadError) return;
    this.#isBroken = true;
    if (!this.#isStalled()) this.reset();
  }

  #isStalled(): boolean {
    return Object.values(this.#parts.lines).some(({ isStalled }) => isStalled);
  }
}
