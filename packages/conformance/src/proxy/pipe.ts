import type { Socket } from "node:net";
import type { Cancel, Clock } from "@waybill/core/transport";
import type { DirectionFaults } from "./direction-faults.ts";

/** The buffered bytes of one direction at which the sender must wait. */
const MAX_BUFFERED_BYTES = 1_048_576;

/** The approximate number of chunks per second of a throttled connection. */
const CHUNKS_PER_SECOND = 50;

export interface PipeParts {
  readonly from: Socket;
  readonly to: Socket;
  readonly faults: DirectionFaults;
  readonly clock: Clock;
  /** Called with the size of each chunk. */
  readonly onBytes: (bytes: number) => void;
}

/** One direction of one connection: passes bytes in order, with back-pressure and the faults of its direction. */
export class Pipe {
  readonly #parts: PipeParts;
  readonly #buffered: { readonly bytes: Buffer; readonly since: number }[] = [];
  #bufferedBytes = 0;
  #discardedBytes = 0;
  #hasEnded = false;
  #isFull = false;
  #freeAt = 0;
  #timer: Cancel | undefined;

  constructor(parts: PipeParts) {
    this.#parts = parts;
    const { from, to, clock } = parts;
    from.on("data", (bytes: Buffer) => {
      this.#buffered.push({ bytes, since: clock.now() });
      this.#bufferedBytes += bytes.length;
      this.update();
    });
    from.on("end", () => {
      this.#hasEnded = true;
      this.update();
    });
    to.on("drain", () => {
      this.#isFull = false;
      this.update();
    });
    for (const socket of [from, to]) socket.on("close", () => this.#timer?.());
    this.update();
  }

  /** Whether bytes were discarded, so that the rest is useless to the reader. */
  get hasDiscarded(): boolean {
    return this.#discardedBytes > 0;
  }

  /** Passes on all bytes that may pass now. Called again whenever faults or buffers have changed. */
  update(): void {
    const { from, to, faults } = this.#parts;
    this.#timer?.();
    this.#timer = undefined;
    while (this.#buffered.length > 0 && this.#mayPass()) this.#pass();
    if (this.#hasEnded && this.#buffered.length === 0 && !faults.isStalled && to.writable) to.end();
    if (faults.isStalled || this.#bufferedBytes >= MAX_BUFFERED_BYTES) from.pause();
    else from.resume();
  }

  #mayPass(): boolean {
    const { to, faults, clock } = this.#parts;
    const [head] = this.#buffered;
    if (head === undefined || faults.isStalled || this.#isFull || !to.writable) return false;
    if (faults.budget?.left === 0) return false;
    const wait = Math.max(head.since + faults.latencyMs, this.#freeAt) - clock.now();
    if (wait <= 0) return true;
    this.#timer = clock.schedule(wait, () => this.update());
    return false;
  }

  #pass(): void {
    const { to, faults } = this.#parts;
    const bytes = this.#take();
    this.#parts.onBytes(bytes.length);
    faults.onChunk?.(bytes);
    if (faults.discarding !== undefined) {
      this.#discardedBytes += bytes.length;
      faults.discarding.onDiscarded(this.#discardedBytes);
      return;
    }
    const { budget } = faults;
    if (budget !== undefined) budget.left -= bytes.length;
    const spent = budget?.left === 0 ? budget.onSpent : undefined;
    this.#isFull = !to.write(bytes, () => spent?.());
  }

  /** Takes the next chunk: the oldest bytes, as many as throttle and budget allow. */
  #take(): Buffer {
    const { faults, clock } = this.#parts;
    const head = this.#buffered.shift() ?? { bytes: Buffer.alloc(0), since: 0 };
    const chunk = Math.max(1, Math.ceil(faults.bytesPerSecond / CHUNKS_PER_SECOND));
    const size = Math.min(head.bytes.length, chunk, faults.budget?.left ?? Infinity);
    if (size < head.bytes.length) {
      this.#buffered.unshift({ bytes: head.bytes.subarray(size), since: head.since });
    }
    this.#bufferedBytes -= size;
    this.#freeAt = Math.max(this.#freeAt, clock.now()) + (size / faults.bytesPerSecond) * 1_000;
    return head.bytes.subarray(0, size);
  }
}
