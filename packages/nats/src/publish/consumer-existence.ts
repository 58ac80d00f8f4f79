import { describeThrown, refusal } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";

/** A consumer without which nobody would receive a message. */
export interface RequiredConsumer {
  readonly stream: string;
  readonly consumer: string;
}

/**
 * Remembers which consumers exist. A stream silently drops a message that no consumer wants, so a message to one group of
 * a topic is published only if the group's consumer exists. Each consumer is looked up once per connection.
 */
export class ConsumerExistence {
  readonly #known = new Set<string>();
  #isLookingUp = false;

  /** Whether a lookup is running. A message that is sent meanwhile would overtake the one that waits for it. */
  get isLookingUp(): boolean {
    return this.#isLookingUp;
  }

  /** Returns whether a consumer is known to exist; true if none is required. */
  isKnown(required: RequiredConsumer | undefined): boolean {
    return required === undefined || this.#known.has(keyOf(required));
  }

  forget(): void {
    this.#known.clear();
  }

  /** Looks up a consumer. Returns why a message for it must not be sent, undefined if it may. Never rejects. */
  async lookUp({ jsm }: ServerLink, required: RequiredConsumer): Promise<PublishFailure | undefined> {
    const { stream, consumer } = required;
    this.#isLookingUp = true;
    try {
      await jsm.consumers.info(stream, consumer);
      this.#known.add(keyOf(required));
      return undefined;
    } catch (error) {
      return isNotFound(error)
        ? refusal(
            "unroutable",
            `Stream ${stream} has no consumer ${consumer}, so nobody would receive the message: provision the group.`,
          )
        : refusal("disconnected", `${describeThrown(error)}.`, error);
    } finally {
      this.#isLookingUp = false;
    }
  }
}

function keyOf({ stream, consumer }: RequiredConsumer): string {
  return `${stream} ${consumer}`;
}
