import type { NatsConnection } from "@nats-io/transport-node";
import { bytesOf, type Frame } from "./frames.ts";

/** The most messages that wait for the end of a turn. */
const MOST_WAITING = 256;

/** A caller that waits until the server has read all written bytes. */
interface FlushRequest {
  readonly onSend: (() => void) | undefined;
  readonly done: () => void;
}

/**
 * Writes all messages of one turn of the event loop together. The client writes after the first microtask that publishes,
 * so the acknowledgements of messages that arrived together would leave in several writes. Each write costs a system call
 * and wakes the server.
 */
export class WriteCoalescer {
  readonly #nc: Pick<NatsConnection, "isClosed" | "flush">;
  readonly #write: (bytes: Uint8Array) => void;
  #frames: Frame[] = [];
  #requests: FlushRequest[] = [];
  /** Requests that were sent and not answered. */
  readonly #sent = new Set<readonly FlushRequest[]>();
  #isScheduled = false;

  constructor(nc: Pick<NatsConnection, "isClosed" | "flush" | "closed">, write: (bytes: Uint8Array) => void) {
    this.#nc = nc;
    this.#write = write;
    // The client's flush never resolves if the connection is lost meanwhile.
    void nc.closed().then(() => this.#end());
  }

  /** Writes a message at the end of the current turn. On a closed connection it is dropped. */
  publish(frame: Frame): void {
    this.#frames.push(frame);
    if (this.#frames.length < MOST_WAITING) this.#schedule();
    else this.drain();
  }

  /**
   * Resolves once the server has read all messages of the current turn, or the connection is lost.
   * @param onSend called once the messages are written, before the server is asked
   */
  flushed(onSend?: () => void): Promise<void> {
    if (this.#nc.isClosed()) return Promise.resolve();
    return new Promise((done) => {
      this.#requests.push({ onSend, done });
      this.#schedule();
    });
  }

  /** Writes at once. Called before a subscription ends, because waiting messages may refer to it. */
  drain(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (frames.length > 0 && !this.#nc.isClosed()) this.#write(bytesOf(frames));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.drain();
      if (this.#requests.length > 0) this.#flush();
    });
  }

  /** Sends one flush request for all callers. */
  #flush(): void {
    const requests = this.#requests;
    this.#requests = [];
    for (const { onSend } of requests) onSend?.();
    this.#sent.add(requests);
    const answered = (): void => this.#resolve(requests);
    this.#nc.flush().then(answered, answered);
  }

  #resolve(requests: readonly FlushRequest[]): void {
    if (this.#sent.delete(requests)) for (const { done } of requests) done();
  }

  #end(): void {
    for (const requests of this.#sent) this.#resolve(requests);
    for (const { done } of this.#requests.splice(0)) done();
  }
}
