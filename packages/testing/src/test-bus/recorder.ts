import type { IncomingMiddleware, OutgoingMiddleware, OutgoingFacts } from "@waybill/core";
import { HEADER, type Settlement, type WireMessage } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import { Journal, type JournalLine } from "./journal.ts";
import { reasonOf, type Watcher } from "./watched-transport.ts";

const VERBS = {
  send: "sent",
  publish: "published",
  request: "requested",
  reply: "replied",
  failure: "replied",
} as const;

interface Written {
  readonly data: unknown;
  readonly intent: OutgoingFacts["intent"];
  readonly service: string | undefined;
}

/** A dead letter of a test bus. */
export interface RecordedDeadLetter {
  readonly service: string;
  readonly type: string;
  readonly data: unknown;
  /** The error code, such as `handler-failed` or `invalid-message`. */
  readonly code: string;
  readonly message: string;
  readonly tries: number;
}

/** Writes the journal of a bus: a message counts as sent when the broker stores it, and as handled when it is acknowledged. */
export class Recorder implements Watcher {
  readonly journal: Journal = new Journal();
  readonly deadLetters: RecordedDeadLetter[] = [];
  /** The data by message id. Only the middleware sees the data before it is encoded. */
  readonly #written = new Map<string, Written>();
  /** The data that handlers have received, by message id. */
  readonly #seen = new Map<string, unknown>();
  readonly #stored = new Set<string>();
  readonly #now: () => number;
  readonly #own: string;

  /** @param own the source of the messages that the test sends */
  constructor(now: () => number, own: string) {
    this.#now = now;
    this.#own = own;
  }

  readonly outgoing: OutgoingMiddleware = {
    name: "test recorder",
    run: (envelope, next, { intent }) => {
      const service = envelope.source === this.#own ? undefined : envelope.source;
      this.#written.set(envelope.id, { data: envelope.data, intent, service });
      return next(envelope);
    },
  };

  readonly incoming: IncomingMiddleware = {
    name: "test recorder",
    run: async ({ message, service }, next) => {
      this.#seen.set(message.id, message.data);
      try {
        await next();
      } catch (error) {
        this.#write({
          what: "failed",
          type: message.type,
          data: message.data,
          id: message.id,
          service,
          reason: describeThrown(error),
        });
        throw error;
      }
    },
  };

  stored({ id, type }: WireMessage): void {
    const written = this.#written.get(id);
    if (written === undefined || this.#stored.has(id)) return;
    this.#stored.add(id);
    const { data, intent, service } = written;
    this.#write({ what: VERBS[intent], type: type ?? "?", data, id, service, reason: undefined });
  }

  settled({ id, type = "?" }: WireMessage, service: string, settlement: Settlement): void {
    const data = this.#seen.get(id) ?? this.#written.get(id)?.data;
    const reason = reasonOf(settlement);
    if (settlement.type === "ack") this.#write({ what: "handled", type, data, id, service, reason });
    if (settlement.type !== "dead-letter") return;
    const { headers } = settlement;
    this.#write({ what: "dead letter", type, data, id, service, reason });
    this.deadLetters.push({
      service,
      type,
      data,
      code: headers[HEADER.failureCode] ?? "unknown",
      message: headers[HEADER.failureMessage] ?? "",
      tries: Number(headers[HEADER.failureTries] ?? 0),
    });
  }

  #write(line: Omit<JournalLine, "at">): void {
    this.journal.lines.push({ ...line, at: this.#now() });
  }
}
