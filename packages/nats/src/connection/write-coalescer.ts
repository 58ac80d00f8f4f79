import type { NatsConnection } from "@nats-io/transport-node";
import { bytesOf, type Frame } from "./frames.ts";

/** More do not wait for the end of a turn. */
const MOST_WAITING = 256;

/** Whether the server has read what was written. */
interface Question {
  readonly onAsk: (() => void) | undefined;
  readonly answer: () => void;
}

/**
 * What is published in one turn of the event loop leaves in one piece. The client writes after the first microtask that
 * publishes: the answers to what came together would leave in several pieces, and each costs a call of the system and
 * wakes the server.
 */
export class WriteCoalescer {
  readonly #nc: Pick<NatsConnection, "isClosed" | "flush">;
  readonly #write: (bytes: Uint8Array) => void;
  #frames: Frame[] = [];
  #questions: Question[] = [];
  /** Those whose answer has not come. */
  readonly #asked = new Set<readonly Question[]>();
  #isScheduled = false;

  constructor(nc: Pick<NatsConnection, "isClosed" | "flush" | "closed">, write: (bytes: Uint8Array) => void) {
    this.#nc = nc;
    this.#write = write;
    // The client's own flush never ends on a connection that is lost meanwhile.
    void nc.closed().then(() => this.#end());
  }

  /** Writes with the present turn. What is published on a connection that is gone goes nowhere. */
  publish(frame: Frame): void {
    this.#frames.push(frame);
    if (this.#frames.length < MOST_WAITING) this.#schedule();
    else this.drain();
  }

  /**
   * Resolves when the server has read all that leaves with the present turn, or will never.
   * @param onAsk called when that has been written, before the server is asked
   */
  flushed(onAsk?: () => void): Promise<void> {
    if (this.#nc.isClosed()) return Promise.resolve();
    return new Promise((answer) => {
      this.#questions.push({ onAsk, answer });
      this.#schedule();
    });
  }

  /** Writes at once: before a subscription ends to which something that waits may refer. */
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
      if (this.#questions.length > 0) this.#ask();
    });
  }

  /** One question for all who want to know. */
  #ask(): void {
    const questions = this.#questions;
    this.#questions = [];
    for (const { onAsk } of questions) onAsk?.();
    this.#asked.add(questions);
    const answered = (): void => this.#answer(questions);
    this.#nc.flush().then(answered, answered);
  }

  #answer(questions: readonly Question[]): void {
    if (this.#asked.delete(questions)) for (const { answer } of questions) answer();
  }

  #end(): void {
    for (const questions of this.#asked) this.#answer(questions);
    for (const { answer } of this.#questions.splice(0)) answer();
  }
}
