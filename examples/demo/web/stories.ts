import type { Envelope, OutgoingFacts } from "@waybill/core";
import { receiversOf, type Order, type Way } from "./ways.ts";

/** The progress of one message at one service. `retrying` has failed and will be retried, `dead` is a dead letter. */
export interface Receipt {
  readonly service: string;
  readonly state: "waiting" | "working" | "retrying" | "handled" | "dead";
  /** How often the handler was called. */
  readonly tries: number;
}

export interface SentMessage {
  readonly id: string;
  readonly causationId: string | undefined;
  readonly type: string;
  readonly intent: OutgoingFacts["intent"];
  readonly source: string;
  readonly receipts: readonly Receipt[];
}

/** One order: all messages of its conversation, and the progress of the shop. */
export interface Story extends Order {
  readonly correlationId: string;
  readonly way: Way;
  readonly shop: "busy" | "done" | "failed";
  /** Why the shop failed. */
  readonly reason: string | undefined;
  readonly messages: readonly SentMessage[];
}

/** How many orders are remembered. */
const MOST = 60;

/** The orders of this visit. Messages of other conversations are ignored. */
export class Stories {
  readonly #byId = new Map<string, Story>();
  readonly #onChange: (story: Story) => void;

  constructor(onChange: (story: Story) => void) {
    this.#onChange = onChange;
  }

  get all(): readonly Story[] {
    return [...this.#byId.values()];
  }

  begin(correlationId: string, way: Way, order: Order): void {
    const oldest = this.#byId.keys().next();
    if (this.#byId.size >= MOST && oldest.done !== true) this.#byId.delete(oldest.value);
    this.#put({ ...order, correlationId, way, shop: "busy", reason: undefined, messages: [] });
  }

  end(correlationId: string, reason?: string): void {
    const story = this.#byId.get(correlationId);
    if (story !== undefined) this.#put({ ...story, shop: reason === undefined ? "done" : "failed", reason });
  }

  /** A retried handler sends its messages under the same ids: each id is one message. */
  sent({ id, causationId, correlationId, type, source }: Envelope, intent: OutgoingFacts["intent"]): void {
    const story = this.#byId.get(correlationId ?? "");
    if (story === undefined || story.messages.some((other) => other.id === id)) return;
    const isAnswer = intent === "reply" || intent === "failure";
    const receipts = (isAnswer ? [] : receiversOf(story.way, type)).map((service): Receipt => ({
      service,
      state: "waiting",
      tries: 0,
    }));
    this.#put({
      ...story,
      messages: [...story.messages, { id, causationId, type, intent, source, receipts }],
    });
  }

  received({ id, correlationId }: Envelope, service: string, state: Receipt["state"]): void {
    const story = this.#byId.get(correlationId ?? "");
    if (story === undefined) return;
    const noted = (receipt: Receipt): Receipt =>
      receipt.service === service
        ? { service, state, tries: receipt.tries + (state === "working" ? 1 : 0) }
        : receipt;
    const messages = story.messages.map((message) =>
      message.id === id ? { ...message, receipts: message.receipts.map(noted) } : message,
    );
    this.#put({ ...story, messages });
  }

  #put(story: Story): void {
    this.#byId.set(story.correlationId, story);
    this.#onChange(story);
  }
}
