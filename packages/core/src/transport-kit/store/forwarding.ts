import type { Cancel, Clock } from "../../environment/clock.ts";
import { HEADER, NO_HEADERS, type Headers } from "../../message/headers.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import { headersAside } from "./headers-aside.ts";
import type { Problems } from "../deliver/problems.ts";

/** The backoff between attempts while the message is in flight: twice as long each time. */
const PAUSE_MS = { first: 250, longest: 5_000 } as const;
/** The number of refused attempts after which a message rests. */
const MOST_ATTEMPTS = 4;
/** The pause between attempts while a message rests. */
const REST_MS = 60_000;
/** The most messages of one subscription that rest outside its window. */
const MOST_RESTING = 1_000;

/** The form in which a message is stored. */
export interface ForwardedForm {
  /** Headers that are added to the message. */
  readonly headers: Headers;
  /** Whether the message's own headers are left out; `headers` then has them as one text. */
  readonly isBare: boolean;
}

/** A message that becomes a retry or a dead letter. */
export interface Forwarded {
  /** The delivery that is settled once the message is stored. */
  readonly delivery: { readonly isLive: boolean; readonly signal: AbortSignal };
  /** The broker's name of its destination, such as `queue orders.dead-letters`. */
  readonly destination: string;
  /** The headers of the settlement. */
  readonly headers: Headers | undefined;
  /** Returns the headers that it arrived with. Called only when they have to be stored as one text. */
  readonly foreign: () => Readonly<Record<string, unknown>>;
  /** Stores the message. Never rejects. */
  readonly store: (form: ForwardedForm) => Promise<PublishResult>;
  /** Called at most once: the message leaves the window. */
  readonly onRest: () => void;
}

/** The end of a message that was forwarded. */
export type ForwardOutcome = "stored" | "taken back";

export interface ForwardingOptions {
  readonly clock: Clock;
  /** The problems of the source that the messages come from. */
  readonly problems: Problems;
}

/**
 * For adapters: stores the retries and dead letters of one subscription. A message stays in flight until it is stored, and
 * is acknowledged only then. While the broker is away, it waits. When the broker refuses it, the text of the failure is
 * truncated, and then its own headers are stored as one text. When the broker refuses every form, the message rests outside
 * the window and is tried again each minute; its source is impaired until it is stored. Other messages go on.
 */
export class Forwarding {
  readonly #options: ForwardingOptions;
  readonly #waits = new Set<() => void>();
  /** The number of resting messages by destination. */
  readonly #resting = new Map<string, number>();
  #restingCount = 0;
  #isOver = false;

  constructor(options: ForwardingOptions) {
    this.#options = options;
  }

  /** The number of resting messages. */
  get resting(): number {
    return this.#restingCount;
  }

  /** Resolves once the message is stored, or its delivery is revoked. Never rejects. */
  async forward(message: Forwarded): Promise<ForwardOutcome> {
    let pauseMs: number = PAUSE_MS.first;
    for (let refused = 0; message.delivery.isLive;) {
      const error = await this.#storeInSomeForm(message);
      if (error === undefined) return message.delivery.isLive ? "stored" : "taken back";
      if (this.#isOver) break;
      if (!isAway(error)) refused += 1;
      // A message that is too large stays too large; a destination may be missing, full or forbidden for a moment only.
      if (error.code === "too-large" || refused === MOST_ATTEMPTS) return this.#rest(message, error);
      await this.#wait(message, pauseMs);
      if (this.#isOver) break;
      pauseMs = Math.min(PAUSE_MS.longest, pauseMs * 2);
    }
    return "taken back";
  }

  /**
   * Ends every wait, because the subscription is being drained: messages that wait or rest are taken back. A message that is
   * forwarded later, because its handler has finished meanwhile, is still tried once. Leaves no timer.
   */
  end(): void {
    this.#isOver = true;
    for (const wake of [...this.#waits]) wake();
  }

  async #rest(message: Forwarded, error: PublishFailure): Promise<ForwardOutcome> {
    const { destination, delivery, onRest } = message;
    const isCounted = this.#restingCount < MOST_RESTING;
    this.#restingCount += 1;
    this.#resting.set(destination, (this.#resting.get(destination) ?? 0) + 1);
    this.#options.problems.set(destination, problemOf(destination, error));
    if (isCounted) onRest();
    try {
      while (this.#isWaiting(message)) {
        await this.#wait(message, REST_MS);
        if (!this.#isWaiting(message)) break;
        if ((await this.#storeInSomeForm(message)) === undefined)
          return delivery.isLive ? "stored" : "taken back";
      }
      return "taken back";
    } finally {
      this.#leaveRest(destination);
    }
  }

  #leaveRest(destination: string): void {
    this.#restingCount -= 1;
    const others = (this.#resting.get(destination) ?? 1) - 1;
    if (others > 0) return void this.#resting.set(destination, others);
    this.#resting.delete(destination);
    // A subscription that ends has not stored its messages: the problem is not over.
    if (!this.#isOver) this.#options.problems.clear(destination);
  }

  /**
   * Stores the message in the first form that the broker accepts. Returns the failure of the last form, or undefined.
   */
  async #storeInSomeForm(message: Forwarded): Promise<PublishFailure | undefined> {
    let error: PublishFailure | undefined;
    for (const isBare of [false, true]) {
      const aside = isBare ? headersAside(message.foreign()) : NO_HEADERS;
      for (const headers of formsOf(message.headers ?? NO_HEADERS)) {
        const result = await message.store({ headers: { ...headers, ...aside }, isBare });
        if (result.ok) return undefined;
        ({ error } = result);
        if (!isOfMessage(error) || !message.delivery.isLive) return error;
        if (error.code !== "too-large") break; // a shorter text of the failure would not help
      }
    }
    return error;
  }

  #isWaiting({ delivery }: Forwarded): boolean {
    return delivery.isLive && !this.#isOver;
  }

  /** Resolves early when the delivery is revoked or the subscription ends. */
  #wait({ delivery: { signal } }: Forwarded, ms: number): Promise<void> {
    if (this.#isOver || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel: Cancel | undefined = undefined;
      const wake = (): void => {
        cancel?.();
        this.#waits.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      cancel = this.#options.clock.schedule(ms, wake);
      this.#waits.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}

/** Yields the added headers, then shorter forms of them; only the text of a failure becomes shorter. */
function* formsOf(headers: Headers): Iterable<Headers> {
  yield headers;
  if (headers[HEADER.failureCode] === undefined) return;
  for (let form = headers; Object.keys(form).length > 0;) {
    form = truncatedFailure(form);
    yield form;
  }
}

/** Returns whether the broker is away or busy, so that it may accept the same message later. */
function isAway({ code }: PublishFailure): boolean {
  return code === "disconnected" || code === "blocked" || code === "closed";
}

/** Returns whether the broker or its client refuses this message, but may accept others. */
function isOfMessage({ code }: PublishFailure): boolean {
  return code === "too-large" || code === "rejected";
}

/**
 * Returns the failure headers with half of their text, then without the text; empty when nothing else can be left
 * out.
 */
function truncatedFailure({ [HEADER.failureMessage]: text = "", ...others }: Headers): Headers {
  if (text.length > 80) return { ...others, [HEADER.failureMessage]: text.slice(0, text.length / 2) };
  return text === "" ? {} : others;
}

function problemOf(destination: string, { message }: PublishFailure): string {
  return `Messages cannot be stored in ${destination}; they are kept and tried again each minute. The reason: ${message}`;
}
