import type { Channels } from "../connection/channels.ts";
import { exchangeDeclaration } from "../topology/declarations.ts";
import { differences } from "../topology/drift.ts";
import { isNotFound, isRefused } from "../errors.ts";
import type { Entity } from "./routes.ts";

/** Which exchanges and queues are known to exist. Asked once; forgotten when the broker says otherwise. */
export class DeclaredEntities {
  readonly #channels: Channels;
  readonly #known = new Set<string>();
  readonly #fanouts = new Set<string>();
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  isKnown({ kind, name }: Entity): boolean {
    return this.#known.has(`${kind} ${name}`);
  }

  /** Asks the broker. Rejects with what the question ended with, if neither yes nor no. */
  async check(entity: Entity): Promise<boolean> {
    const exists = await passivelyDeclared(this.#channels, entity);
    if (exists) this.#known.add(`${entity.kind} ${entity.name}`);
    return exists;
  }

  /** Whether an exchange is known to give every message to every queue that is bound to it. */
  isKnownFanout(exchange: string): boolean {
    return this.#fanouts.has(exchange);
  }

  /**
   * Asks for the type of an exchange that exists, by declaring it once more. Where this user may not ask, it is taken for a
   * fanout exchange. Questions about one exchange at the same time are one.
   */
  checkFanout(exchange: string): Promise<boolean> {
    let asking = this.#asking.get(exchange);
    if (asking === undefined) {
      asking = this.#askFanout(exchange).finally(() => this.#asking.delete(exchange));
      this.#asking.set(exchange, asking);
    }
    return asking;
  }

  async #askFanout(exchange: string): Promise<boolean> {
    const drift = await differences(this.#channels, exchangeDeclaration(exchange)).catch((error: unknown) => {
      if (isRefused(error)) return [];
      throw error;
    });
    const isFanout = drift.every(({ property }) => property !== "type");
    if (isFanout) this.#fanouts.add(exchange);
    return isFanout;
  }

  forget(): void {
    this.#known.clear();
    this.#fanouts.clear();
  }
}

/** Passive declaration (AMQP 0-9-1 §1.6.2.1, §1.7.2.1). */
async function passivelyDeclared(channels: Channels, { kind, name }: Entity): Promise<boolean> {
  try {
    await channels.run((channel) =>
      kind === "queue" ? channel.checkQueue(name) : channel.checkExchange(name),
    );
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
