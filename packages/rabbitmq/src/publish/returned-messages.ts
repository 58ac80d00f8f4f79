import type { Message, Options } from "amqplib";
import type { Route } from "./routes.ts";

/** The messages that RabbitMQ returned because no queue received them, until their confirms arrive. */
export class ReturnedMessages {
  /** RabbitMQ's reasons, by message. */
  readonly #reasons = new Map<string, string>();

  add({ fields, properties }: Message): void {
    const reason = "replyText" in fields ? String(fields.replyText) : "unroutable";
    this.#reasons.set(keyOf(fields, properties.messageId), reason);
  }

  /** Returns why RabbitMQ returned a message, and forgets it; undefined if RabbitMQ stored the message. */
  take(route: Route, { messageId }: Options.Publish): string | undefined {
    if (this.#reasons.size === 0) return undefined;
    const key = keyOf(route, messageId);
    const reason = this.#reasons.get(key);
    if (reason !== undefined) this.#reasons.delete(key);
    return reason;
  }

  clear(): void {
    this.#reasons.clear();
  }
}

function keyOf({ exchange, routingKey }: Pick<Route, "exchange" | "routingKey">, id: unknown): string {
  return `${String(id ?? "")} ${exchange} ${routingKey}`;
}
