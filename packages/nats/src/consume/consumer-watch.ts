import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";
import type { PullStatus } from "./pull-requests.ts";

export interface ConsumerWatchOptions {
  readonly stream: string;
  readonly consumer: string;
  /** Called once for each deletion, with the link on which it was detected. */
  readonly onDeleted: (link: ServerLink) => void;
  /** Called once after each deletion, when the consumer exists again. */
  readonly onRestored: () => void;
}

/** Detects that a consumer is deleted, or provisioned again, while it is read. */
export class ConsumerWatch {
  readonly #options: ConsumerWatchOptions;
  #isLookingUp = false;
  #isDeleted = false;

  constructor(options: ConsumerWatchOptions) {
    this.#options = options;
  }

  /** Processes the status of a pull request. */
  onStatus(status: PullStatus, link: ServerLink): void {
    if (status === "ended") this.onAnswer();
    else if (status === "deleted") this.#deleted(link);
    else void this.#lookUp(link);
  }

  /** Records that the consumer has answered. */
  onAnswer(): void {
    if (!this.#isDeleted) return;
    this.#isDeleted = false;
    this.#options.onRestored();
  }

  /** Looks up whether a consumer without responders was deleted. One that only lacks a leader counts as existing. */
  async #lookUp(link: ServerLink): Promise<void> {
    if (this.#isLookingUp || this.#isDeleted) return;
    this.#isLookingUp = true;
    const { stream, consumer } = this.#options;
    const isDeleted = await link.jsm.consumers.info(stream, consumer).then(() => false, isNotFound);
    this.#isLookingUp = false;
    if (link.nc.isClosed()) return;
    if (isDeleted) this.#deleted(link);
  }

  #deleted(link: ServerLink): void {
    if (this.#isDeleted) return;
    this.#isDeleted = true;
    this.#options.onDeleted(link);
  }
}
