import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";
import type { Told } from "./pull-requests.ts";

export interface ConsumerWatchOptions {
  readonly stream: string;
  readonly consumer: string;
  /** Called once each time, with the link it was noticed on. */
  readonly onDeleted: (link: ServerLink) => void;
  /** Called once each time after it was deleted. */
  readonly onFound: () => void;
}

/** Whether a consumer is there: somebody may delete it while it is read, and provision it anew. */
export class ConsumerWatch {
  readonly #options: ConsumerWatchOptions;
  #isAsking = false;
  #isDeleted = false;

  constructor(options: ConsumerWatchOptions) {
    this.#options = options;
  }

  /** What was said of a request for its messages. */
  hear(told: Told, link: ServerLink): void {
    if (told === "over") this.found();
    else if (told === "deleted") this.#miss(link);
    else void this.#ask(link);
  }

  /** It has answered. */
  found(): void {
    if (!this.#isDeleted) return;
    this.#isDeleted = false;
    this.#options.onFound();
  }

  /** Nobody answers for it. Where it only lacks a leader, all stays as it is. */
  async #ask(link: ServerLink): Promise<void> {
    if (this.#isAsking || this.#isDeleted) return;
    this.#isAsking = true;
    const { stream, consumer } = this.#options;
    const isDeleted = await link.jsm.consumers.info(stream, consumer).then(() => false, isNotFound);
    this.#isAsking = false;
    if (link.nc.isClosed()) return;
    if (isDeleted) this.#miss(link);
  }

  #miss(link: ServerLink): void {
    if (this.#isDeleted) return;
    this.#isDeleted = true;
    this.#options.onDeleted(link);
  }
}
