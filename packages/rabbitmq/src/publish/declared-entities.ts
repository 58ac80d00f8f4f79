import type { Channels } from "../connection/channels.ts";
import { exchangeDeclaration } from "../topology/declarations.ts";
import { differences } from "../topology/drift.ts";
import { isNotFound, isAccessRefused } from "../errors.ts";
import type { Entity } from "./routes.ts";

/** The exchanges and queues that are known to exist. The adapter checks each once, and again on a new channel. */
export class DeclaredEntities {
  readonly #channels: Channels;
  readonly #known = new Set<string>();
  readonly #fanouts = new Set<string>();
  readonly #checks = new Map<string, Promise<boolean>>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** Returns the first of these that is not known to exist. */
  firstUnknown(entities: readonly Entity[]): Entity | undefined {
    for (const entity of entities) if (!this.#known.has(`${entity.kind} ${entity.name}`)) return entity;
    return undefined;
  }

  /** Asks RabbitMQ whether an exchange or a queue exists. Rejects if RabbitMQ answers neither yes nor no. */
  async check(entity: Entity): Promise<boolean> {
    const exists = await passivelyDeclared(this.#channels, entity);
    if (exists) this.#known.add(`${entity.kind} ${entity.name}`);
    return exists;
  }

  /** Whether an exchange is known to route every message to every queue that is bound to it. */
  isKnownFanout(exchange: string): boolean {
    return this.#fanouts.has(exchange);
  }

  /**
   * Whether an existing exchange is a fanout exchange. The adapter finds out by declaring it again; without the
   * permission to declare, it assumes a fanout exchange. Concurrent calls for one exchange share one check.
   */
  checkFanout(exchange: string): Promise<boolean> {
    let check = this.#checks.get(exchange);
    if (check === undefined) {
      check = this.#findFanout(exchange).finally(() => this.#checks.delete(exchange));
      this.#checks.set(exchange, check);
    }
    return check;
  }

  async #findFanout(exchange: string): Promise<boolean> {
    const drift = await differences(this.#channels, exchangeDeclaration(exchange)).catch((error: unknown) => {
      if (isAccessRefused(error)) return [];
      throw error;
    });
    const isFanout = drift.every(({ property }) => property !== "type");
    if (isFanout) this.#fanouts.add(exchange);
    return isFanout;
  }

  /** Forgets all entities, because a new connection may meet other ones. */
  forget(): void {
    this.#known.clear();
    this.#fanouts.clear();
  }
}

/** Whether a passive declaration succeeds (AMQP 0-9-1 §1.6.2.1, §1.7.2.1). */
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
