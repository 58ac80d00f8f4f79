import { setTimeout as pause } from "node:timers/promises";
import { createBus, service, type Bus } from "@waybill/core";
import { keyedWorkOf } from "../contracts.ts";
import type { Ledger } from "./ledger.ts";
import type { Membership } from "./membership.ts";

const HANDLER_MS = 1;

export interface MembersOptions {
  readonly url: string;
  /** Of the service and its keyed command. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly membership: Membership;
}

/** Instances of one service, each with connections of its own, that come and go. */
export class Members {
  readonly #options: MembersOptions;
  readonly #present: Bus[] = [];
  #joined = 0;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Resolves once another one has its place. */
  async join(): Promise<void> {
    const { url, name, ledger, membership } = this.#options;
    const member = `member ${++this.#joined}`;
    const bus = await createBus({
      transport: url,
      services: [
        service(name).handle(keyedWorkOf(name), async ({ number, key }) => {
          const handling = membership.begin({ number, key, member }, performance.now());
          await pause(HANDLER_MS);
          handling.ended = performance.now();
          ledger.handled(number);
        }),
      ],
    });
    await bus.start();
    this.#present.push(bus);
  }

  /** Resolves once the one that has been there longest is gone. */
  async leave(): Promise<void> {
    await this.#present.shift()?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#present.splice(0).map((bus) => bus.stop()));
  }
}
