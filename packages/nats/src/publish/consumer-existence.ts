import { describeThrown, refusal } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";

/** The consumer that must exist for somebody to get a message. */
export interface Needed {
  readonly stream: string;
  readonly consumer: string;
}

/**
 * Whether somebody gets what is sent to one group of a topic: a stream drops what no consumer of it wants, without a word. Asked
 * once for each consumer, one after the other, and again on the next connection.
 */
export class ConsumerExistence {
  readonly #known = new Set<string>();
  #isAsking = false;

  /** Nothing is to be sent meanwhile: it would overtake what waits for the answer. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Whether it is there, as far as asked; what needs nobody always has it. */
  has(needed: Needed | undefined): boolean {
    return needed === undefined || this.#known.has(keyOf(needed));
  }

  forget(): void {
    this.#known.clear();
  }

  /** Why nobody would get it, if so. Never rejects. */
  async missing({ jsm }: ServerLink, needed: Needed): Promise<PublishFailure | undefined> {
    const { stream, consumer } = needed;
    this.#isAsking = true;
    try {
      await jsm.consumers.info(stream, consumer);
      this.#known.add(keyOf(needed));
      return undefined;
    } catch (error) {
      return isNotFound(error)
        ? refusal("unroutable", `NATS has no consumer ${consumer} of stream ${stream}.`)
        : refusal("disconnected", `${describeThrown(error)}.`, error);
    } finally {
      this.#isAsking = false;
    }
  }
}

function keyOf({ stream, consumer }: Needed): string {
  return `${stream} ${consumer}`;
}
