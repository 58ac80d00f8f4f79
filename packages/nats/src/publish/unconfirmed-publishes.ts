import type { Cancel, Clock, PublishFailure, PublishResult } from "@waybill/core/transport";
import { DEDUP_WINDOW_MS } from "../capabilities.ts";
import type { RequiredConsumer } from "./consumer-existence.ts";
import { LOST } from "./unconfirmed-replies.ts";

/**
 * How long the server may take to confirm a message. If the leader of a stream is lost, nobody confirms the messages
 * that were on their way to it, and no error is reported. The time is far shorter than the deduplication window, so
 * that the server recognises a resend.
 */
const CONFIRM_TIMEOUT_MS = DEDUP_WINDOW_MS / 24;

/** An encoded message, and the callback that takes its result. */
export interface OutgoingMessage {
  readonly subject: string;
  readonly headers: Buffer;
  readonly body: Uint8Array;
  readonly settle: (result: PublishResult) => void;
  /** Whether it is a reply: a core NATS message, which the server does not confirm. */
  readonly isReply: boolean;
  /** The consumer without which nobody would receive the message. */
  readonly requires: RequiredConsumer | undefined;
  sentAt: number;
}

/** The messages that were written and that the server has not confirmed, by the token in their reply subject. */
export class UnconfirmedPublishes {
  readonly #clock: Clock;
  readonly #onTimeout: () => void;
  readonly #messages = new Map<string, OutgoingMessage>();
  #cancelTimeout: Cancel | undefined = undefined;

  /** @param onTimeout called after messages were given up */
  constructor(clock: Clock, onTimeout: () => void) {
    this.#clock = clock;
    this.#onTimeout = onTimeout;
  }

  get size(): number {
    return this.#messages.size;
  }

  get(token: string): OutgoingMessage | undefined {
    return this.#messages.get(token);
  }

  add(token: string, message: OutgoingMessage): void {
    message.sentAt = this.#clock.now();
    this.#messages.set(token, message);
    this.#cancelTimeout ??= this.#clock.schedule(CONFIRM_TIMEOUT_MS, () => this.#giveUpOld());
  }

  settle(token: string, result: PublishResult): void {
    const message = this.#messages.get(token);
    this.#messages.delete(token);
    message?.settle(result);
  }

  /** Settles the messages to a subject as refused. Returns whether there were any. */
  refuse(subject: string, error: PublishFailure): boolean {
    const refused = [...this.#messages].filter(([, message]) => message.subject === subject);
    for (const [token] of refused) this.settle(token, { ok: false, error });
    return refused.length > 0;
  }

  /** Settles all messages as maybe stored, because the link is lost. */
  lose(): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = undefined;
    const messages = [...this.#messages.values()];
    this.#messages.clear();
    for (const { settle } of messages) settle(LOST);
  }

  /** Gives up the messages that the server has not confirmed in time. The map keeps the oldest first. */
  #giveUpOld(): void {
    const before = this.#clock.now() - CONFIRM_TIMEOUT_MS;
    this.#cancelTimeout = undefined;
    for (const [token, { sentAt, subject }] of this.#messages) {
      if (sentAt > before) {
        this.#cancelTimeout = this.#clock.schedule(sentAt - before, () => this.#giveUpOld());
        break;
      }
      this.settle(token, {
        ok: false,
        error: {
          code: "disconnected",
          message: `NATS did not confirm a message to ${subject} within ${CONFIRM_TIMEOUT_MS} ms.`,
          maybeStored: true,
        },
      });
    }
    this.#onTimeout();
  }
}
