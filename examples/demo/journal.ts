import type { Envelope, IncomingMiddleware, OutgoingMiddleware } from "@waybill/core";

/** One message, and the services that handled it. */
export interface Entry {
  readonly envelope: Envelope;
  readonly handledBy: Set<string>;
}

/** Records all messages of a bus, from their envelopes alone. */
export class MessageJournal {
  readonly #entries = new Map<string, Entry>();
  #onChange: () => void = () => undefined;

  readonly outgoing: OutgoingMiddleware = {
    name: "journal",
    run: (envelope, next) => {
      this.#entryOf(envelope);
      return next(envelope);
    },
  };

  readonly incoming: IncomingMiddleware = {
    name: "journal",
    run: async ({ message, service }, next) => {
      await next();
      this.#entryOf(message).handledBy.add(service);
      this.#onChange();
    },
  };

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** The number of handled messages. Each service counts once per message. */
  get handled(): number {
    return this.entries.reduce((sum, { handledBy }) => sum + handledBy.size, 0);
  }

  /** Resolves when `count` messages were handled; reports the progress. */
  async until(count: number, progress: (handled: number) => void): Promise<void> {
    for (let handled = this.handled; handled < count; handled = this.handled) {
      progress(handled);
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
    progress(count);
  }

  #entryOf(envelope: Envelope): Entry {
    let entry = this.#entries.get(envelope.id);
    if (entry === undefined) this.#entries.set(envelope.id, (entry = { envelope, handledBy: new Set() }));
    return entry;
  }
}
