import type { Socket } from "node:net";
import type { Clock } from "@waybill/core/transport";
import type { Direction, DirectionFaults } from "./direction-faults.ts";
import { Pipe } from "./pipe.ts";

export interface LinkParts {
  readonly client: Socket;
  readonly broker: Socket;
  readonly faults: Readonly<Record<Direction, DirectionFaults>>;
  readonly clock: Clock;
  /** Called with the size of each chunk, in either direction. */
  readonly onBytes: (bytes: number) => void;
  /** Called once, when both ends are closed. */
  readonly onClosed: () => void;
}

/** One connection through a proxy: its two sockets, which end together. */
export class Link {
  readonly #parts: LinkParts;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  readonly #closed = new Set<Socket>();
  #isBroken = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { client, broker, faults, clock, onBytes } = parts;
    for (const socket of [client, broker]) {
      // The close event that follows reports the error.
      socket.on("error", () => undefined);
      socket.on("close", (hadError) => this.#ended(socket, hadError));
    }
    this.#pipes = {
      "to-broker": new Pipe({ from: client, to: broker, faults: faults["to-broker"], clock, onBytes }),
      "to-client": new Pipe({ from: broker, to: client, faults: faults["to-client"], clock, onBytes }),
    };
  }

  /** Whether bytes of this connection were discarded. */
  get hasDiscarded(): boolean {
    return Object.values(this.#pipes).some(({ hasDiscarded }) => hasDiscarded);
  }

  /** Applies changed faults. */
  update(): void {
    if (this.#isBroken && !this.#isStalled()) this.reset();
    for (const pipe of Object.values(this.#pipes)) pipe.update();
  }

  /** Closes both sockets in order. */
  destroy(): void {
    this.#parts.client.destroy();
    this.#parts.broker.destroy();
  }

  /** Resets both sockets. */
  reset(): void {
    const { client, broker } = this.#parts;
    client.resetAndDestroy();
    broker.resetAndDestroy();
  }

  #ended(socket: Socket, hadError: boolean): void {
    this.#closed.add(socket);
    if (this.#closed.size === 2) {
      this.#parts.onClosed();
      return;
    }
    // The pipes have passed on an orderly end. A reset does not pass through a stalled connection.
    if (!hadError) return;
    this.#isBroken = true;
    if (!this.#isStalled()) this.reset();
  }

  #isStalled(): boolean {
    return Object.values(this.#parts.faults).some(({ isStalled }) => isStalled);
  }
}
