import type { Socket } from "node:net";
import type { Cancel, Clock } from "@waybill/core/transport";
import type { Line } from "./line.ts";

/** What one direction of a connection holds at most before its sender is made to wait. */
const MOST_HELD = 1_048_576;

/** A throttled connection passes about so many portions in a second. */
const PORTIONS_PER_SECOND = 50;

export interface PipeParts {
  readonly from: Socket;
  readonly to: Socket;
  readonly line: Line;
  readonly clock: Clock;
  /** Called with the size of everything that passes. */
  readonly passed: (bytes: number) => void;
}

/** One direction of one connection: bytes in order, with back-pressure, under the conditions of its line. */
export class Pipe {
  readonly #parts: PipeParts;
  readonly #held: { readonly bytes: Buffer; readonly since: number }[] = [];
  #heldBytes = 0;
  #hiddenBytes = 0;
  #isOver = false;
  #isFull = false;
  #freeAt = 0;
  #alarm: Cancel | undefined;

  constructor(parts: PipeParts) {
    this.#parts = parts;
    const { from, to, clock } = parts;
    from.on("data", (bytes: Buffer) => {
      this.#held.push({ bytes, since: clock.now() });
      this.#heldBytes += bytes.length;
      this.move();
    });
    from.on("end", () => {
      this.#isOver = true;
      this.move();
    });
    to.on("drain", () => {
      this.#isFull = false;
      this.move();
    });
    for (const socket of [from, to]) socket.on("close", () => this.#alarm?.());
    this.move();
  }

  /** Whether bytes were thrown away, so that the rest would make no sense to its reader. */
  get hasHidden(): boolean {
    return this.#hiddenBytes > 0;
  }

  /** Passes on what may pass now. Called again whenever the conditions have changed. */
  move(): void {
    const { from, to, line } = this.#parts;
    this.#alarm?.();
    this.#alarm = undefined;
    while (this.#held.length > 0 && this.#mayPass()) this.#pass();
    if (this.#isOver && this.#held.length === 0 && !line.isStalled && to.writable) to.end();
    if (line.isStalled || this.#heldBytes >= MOST_HELD) from.pause();
    else from.resume();
  }

  #mayPass(): boolean {
    const { to, line, clock } = this.#parts;
    const [head] = this.#held;
    if (head === undefined || line.isStalled || this.#isFull || !to.writable) return false;
    if (line.budget?.left === 0) return false;
    const wait = Math.max(head.since + line.latencyMs, this.#freeAt) - clock.now();
    if (wait <= 0) return true;
    this.#alarm = clock.schedule(wait, () => this.move());
    return false;
  }

  #pass(): void {
    const { to, line } = this.#parts;
    const bytes = this.#take();
    this.#parts.passed(bytes.length);
    line.watch?.(bytes);
    if (line.hiding !== undefined) {
      this.#hiddenBytes += bytes.length;
      line.hiding.hidden(this.#hiddenBytes);
      return;
    }
    const { budget } = line;
    if (budget !== undefined) budget.left -= bytes.length;
    const spent = budget?.left === 0 ? budget.spent : undefined;
    this.#isFull = !to.write(bytes, () => spent?.());
  }

  /** The next portion: what the throttle and the budget allow of the oldest bytes. */
  #take(): Buffer {
    const { line, clock } = this.#parts;
    const head = this.#held.shift() ?? { bytes: Buffer.alloc(0), since: 0 };
    const portion = Math.max(1, Math.ceil(line.bytesPerSecond / PORTIONS_PER_SECOND));
    const size = Math.min(head.bytes.length, portion, line.budget?.left ?? Infinity);
    if (size < head.bytes.length) {
      this.#held.unshift({ bytes: head.bytes.subarray(size), since: head.since });
    }
    this.#heldBytes -= size;
    this.#freeAt = Math.max(this.#freeAt, clock.now()) + (size / line.bytesPerSecond) * 1_000;
    return head.bytes.subarray(0, size);
  }
}
