import type { Channels } from "./channels.ts";
import { isNotFound } from "./errors.ts";
import type { Entity } from "./routes.ts";

/** Which exchanges and queues are known to exist. Asked once; forgotten when the broker says otherwise. */
export class Existence {
  readonly #channels: Channels;
  readonly #known = new Set<string>();

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

  forget(): void {
    this.#known.clear();
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
