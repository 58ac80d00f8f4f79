import { setTimeout as wait } from "node:timers/promises";
import {
  createBus,
  type Bus,
  type IncomingMiddleware,
  type OutgoingMiddleware,
  type RecoveryOptions,
  type Service,
} from "@waybill/core";
import type { ServiceView } from "./feed.ts";
import type { Stories } from "./stories.ts";
import { VARIANTS, type Way } from "./ways.ts";

/** Few and quick retries, so that a visitor sees a dead letter soon. */
const RETRIES = { immediate: 1, rounds: 1 } as const;
const RECOVERY: RecoveryOptions = {
  immediate: RETRIES.immediate,
  delayed: { rounds: RETRIES.rounds, first: "1s", jitter: 0 },
};

export interface DeploymentOptions {
  readonly transport: string;
  /** Milliseconds that a handler takes, so that a visitor can follow. */
  readonly paceMs: number;
  readonly stories: Stories;
  readonly onChange: (service: ServiceView) => void;
  /** Called when a message with this key has become a dead letter. */
  readonly onDead: (service: string, key: string) => void;
}

/** One service on its own bus, as in its own process. It can be started and stopped at any time. */
export class Deployment {
  readonly #way: Way;
  readonly #service: Service;
  readonly #options: DeploymentOptions;
  readonly #failures = new Map<string, number>();
  #bus: Bus | undefined;
  #state: ServiceView["state"] = "stopped";
  #isFailing = false;

  constructor(way: Way, service: Service, options: DeploymentOptions) {
    this.#way = way;
    this.#service = service;
    this.#options = options;
  }

  get view(): ServiceView {
    return { way: this.#way, name: this.#service.name, state: this.#state, isFailing: this.#isFailing };
  }

  async start(): Promise<void> {
    if (this.#state !== "stopped") return;
    const { transport, stories } = this.#options;
    this.#become("starting");
    try {
      this.#bus = await createBus({
        transport,
        services: [this.#service],
        sends: VARIANTS[this.#way].contracts,
        recovery: RECOVERY,
        middleware: {
          outgoing: [journalInto(stories)],
          incoming: [this.#journal, this.#pace, this.#fault],
        },
      });
      await this.#bus.start();
      this.#become("running");
    } catch (error) {
      this.#become("stopped");
      throw error;
    }
  }

  /** Stops the service. Its messages wait at the broker. */
  async stop(): Promise<void> {
    if (this.#state !== "running") return;
    this.#become("stopping");
    await this.#bus?.stop();
    this.#become("stopped");
  }

  fail(isFailing: boolean): void {
    this.#isFailing = isFailing;
    this.#options.onChange(this.view);
  }

  #become(state: ServiceView["state"]): void {
    this.#state = state;
    this.#options.onChange(this.view);
  }

  readonly #journal: IncomingMiddleware = {
    name: "journal",
    run: async ({ message, service, attempt }, next) => {
      const { stories, onDead } = this.#options;
      stories.received(message, service, "working");
      try {
        await next();
        this.#failures.delete(message.id);
        stories.received(message, service, "handled");
      } catch (error) {
        const failures = (this.#failures.get(message.id) ?? 0) + 1;
        const isLast = attempt > RETRIES.rounds && failures > RETRIES.immediate;
        if (failures > RETRIES.immediate) this.#failures.delete(message.id);
        else this.#failures.set(message.id, failures);
        stories.received(message, service, isLast ? "dead" : "retrying");
        if (isLast) onDead(service, message.partitionKey ?? "");
        throw error;
      }
    },
  };

  readonly #pace: IncomingMiddleware = {
    name: "pace",
    run: async ({ signal }, next) => {
      await wait(this.#options.paceMs, undefined, { signal });
      await next();
    },
  };

  readonly #fault: IncomingMiddleware = {
    name: "fault",
    run: ({ service }, next) => {
      if (this.#isFailing) throw new Error(`${service} is set to fail`);
      return next();
    },
  };
}

export function journalInto(stories: Stories): OutgoingMiddleware {
  return {
    name: "journal",
    run: (envelope, next, { intent }) => {
      stories.sent(envelope, intent);
      return next(envelope);
    },
  };
}
