import type { Cancel, Clock } from "../../environment/clock.ts";
import { HEADER, NO_HEADERS, type Headers } from "../../message/headers.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import { headersAside } from "./headers-aside.ts";
import type { Problems } from "../deliver/problems.ts";
import { truncatedFailure } from "./truncated-failure.ts";

/** Between two tries in hand: twice as long each time. */
const PAUSE_MS = { first: 250, longest: 5_000 } as const;
/** How often a place that refuses everything is tried before its message rests. */
const TRIES_IN_HAND = 4;
/** How long a message rests that cannot be stored. */
const REST_MS = 60_000;
/** At most so many messages of one subscription rest; more keep their place in the window. */
const MOST_RESTING = 1_000;

/** How a message is written once more. */
export interface ForwardedForm {
  /** What is added to the message. */
  readonly headers: Headers;
  /** Whether the message's own headers are left out: `headers` holds them as one text. */
  readonly isBare: boolean;
}

/** One message that becomes a retry or a dead letter. */
export interface Forwarded {
  /** The delivery that is settled once the message is stored. */
  readonly delivery: { readonly isLive: boolean; readonly signal: AbortSignal };
  /** Where it is stored, for people: `queue orders.dead-letters`. */
  readonly destination: string;
  /** What the settlement adds to it. */
  readonly headers: Headers | undefined;
  /** The headers that it came with, for the text that takes their place; called only when that is needed. */
  readonly foreign: () => Readonly<Record<string, unknown>>;
  /** Writes it. Never rejects. */
  readonly store: (form: ForwardedForm) => Promise<PublishResult>;
  /** Called at most once: the message takes no place in the window from now on. */
  readonly onRest: () => void;
}

export type Fate = "stored" | "taken back";

export interface ForwardingOptions {
  readonly clock: Clock;
  /** Of the source that the messages come from. */
  readonly problems: Problems;
}

/**
 * For adapters: stores the next appearance of messages, retries and dead letters, of one subscription. A message stays in
 * hand until it is stored; it is acknowledged only then. While the broker is away it waits. When the broker refuses it,
 * the failure is shortened, and then its own headers are set aside as text. When nothing helps it rests, outside the
 * window, and is tried again each minute; its source counts as impaired until then. Other messages go on.
 */
export class Forwarding {
  readonly #options: ForwardingOptions;
  readonly #waits = new Set<() => void>();
  /** How many rest, by place. */
  readonly #resting = new Map<string, number>();
  #restingCount = 0;
  #isOver = false;

  constructor(options: ForwardingOptions) {
    this.#options = options;
  }

  /** How many messages rest. */
  get resting(): number {
    return this.#restingCount;
  }

  /** Resolves once the message is stored, or its delivery was taken back. Never rejects. */
  async forward(message: Forwarded): Promise<Fate> {
    let pauseMs: number = PAUSE_MS.first;
    for (let refused = 0; message.delivery.isLive;) {
      const error = await this.#storeInSomeForm(message);
      if (error === undefined) return message.delivery.isLive ? "stored" : "taken back";
      if (this.#isOver) break;
      if (!isAway(error)) refused += 1;
      // A message that is too large will be so in a moment; a place may be missing, full or forbidden for a moment only.
      if (error.code === "too-large" || refused === TRIES_IN_HAND) return this.#rest(message, error);
      await this.#wait(message, pauseMs);
      if (this.#isOver) break;
      pauseMs = Math.min(PAUSE_MS.longest, pauseMs * 2);
    }
    return "taken back";
  }

  /**
   * Ends every wait, for the subscription is being drained: a message that waits or rests counts as taken back. A message
   * that comes later is still tried once, for its handler has finished meanwhile. Leaves no timer.
   */
  end(): void {
    this.#isOver = true;
    for (const wake of [...this.#waits]) wake();
  }

  /** Tries again each minute. */
  async #rest(message: Forwarded, error: PublishFailure): Promise<Fate> {
    const { destination: place, delivery, onRest } = message;
    const isCounted = this.#restingCount < MOST_RESTING;
    this.#restingCount += 1;
    this.#resting.set(place, (this.#resting.get(place) ?? 0) + 1);
    this.#options.problems.set(place, problemOf(place, error));
    if (isCounted) onRest();
    try {
      while (this.#isHeld(message)) {
        await this.#wait(message, REST_MS);
        if (!this.#isHeld(message)) break;
        if ((await this.#storeInSomeForm(message)) === undefined)
          return delivery.isLive ? "stored" : "taken back";
      }
      return "taken back";
    } finally {
      this.#leaveRest(place);
    }
  }

  #leaveRest(place: string): void {
    this.#restingCount -= 1;
    const others = (this.#resting.get(place) ?? 1) - 1;
    if (others > 0) return void this.#resting.set(place, others);
    this.#resting.delete(place);
    // A subscription that ends has not stored them: nothing is better than before.
    if (!this.#isOver) this.#options.problems.clear(place);
  }

  /** Nothing once it is stored, in the first form that the broker takes; else why the last one was refused. */
  async #storeInSomeForm(message: Forwarded): Promise<PublishFailure | undefined> {
    let error: PublishFailure | undefined;
    for (const isBare of [false, true]) {
      const aside = isBare ? headersAside(message.foreign()) : NO_HEADERS;
      for (const headers of formsOf(message.headers ?? NO_HEADERS)) {
        const result = await message.store({ headers: { ...headers, ...aside }, isBare });
        if (result.ok) return undefined;
        ({ error } = result);
        if (!isOfMessage(error) || !message.delivery.isLive) return error;
        if (error.code !== "too-large") break; // a shorter failure would not help
      }
    }
    return error;
  }

  #isHeld({ delivery }: Forwarded): boolean {
    return delivery.isLive && !this.#isOver;
  }

  /** Ends early when the delivery is taken back, or the subscription ends. */
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

/** The headers that are added, shorter each time; only what is said of a failure is shortened. */
function* formsOf(headers: Headers): Iterable<Headers> {
  yield headers;
  if (headers[HEADER.failureCode] === undefined) return;
  for (let form = headers; Object.keys(form).length > 0;) {
    form = truncatedFailure(form);
    yield form;
  }
}

/** The broker is away or busy: the same message will do later. */
function isAway({ code }: PublishFailure): boolean {
  return code === "disconnected" || code === "blocked" || code === "closed";
}

/** The broker or its client does not take this message; it may take others. */
function isOfMessage({ code }: PublishFailure): boolean {
  return code === "too-large" || code === "rejected";
}

function problemOf(place: string, { message }: PublishFailure): string {
  return `Messages cannot be stored in ${place}; they are kept and tried again each minute. The reason: ${message}`;
}
