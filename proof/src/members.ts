import { setTimeout as pause } from "node:timers/promises";
import { createBus, service, type Bus } from "@waybill/core";
import { keyedWorkOf } from "./contracts.ts";
import type { DeliveryLog } from "./log/delivery-log.ts";
import type { HandlingLog } from "./log/handling-log.ts";

const HANDLER_MS = 1;

export interface MembersOptions {
  readonly url: string;
  /** The name of the service and of its keyed command. */
  readonly name: string;
  readonly log: DeliveryLog;
  readonly handlings: HandlingLog;
}

/** The running members of one service, each with connections of its own. */
export class Members {
  readonly #options: MembersOptions;
  readonly #present: Bus[] = [];
  #joined = 0;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Starts one more member. */
  async join(): Promise<void> {
    const { url, name, log, handlings } = this.#options;
    const member = `member ${++this.#joined}`;
    const bus = await createBus({
      transport: url,
      services: [
        service(name).handle(keyedWorkOf(name), async ({ number, key }) => {
          const handling = handlings.begin({ number, key, member }, performance.now());
          await pause(HANDLER_MS);
          handling.ended = performance.now();
          log.handled(number);
        }),
      ],
    });
    await bus.start();
    this.#present.push(bus);
  }

  /** Stops the oldest member. */
  async leave(): Promise<void> {
    await this.#present.shift()?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#present.splice(0).map((bus) => bus.stop()));
  }
}
