import { randomUUID } from "node:crypto";
import { createBus, isMessagingError, type Bus, type Messenger } from "@waybill/core";
import { ADDRESSES } from "./addresses.ts";
import { Deployment, journalInto, type DeploymentOptions } from "./deployment.ts";
import type { Change } from "./feed.ts";
import { DeadLetterList } from "./letters.ts";
import { Broadcast } from "./local-page.ts";
import { Stories } from "./stories.ts";
import { VARIANTS, WAYS, type Order, type Way } from "./ways.ts";

export interface StageOptions {
  readonly transport: string;
  readonly paceMs: number;
}

/** The shop and all services, each on its own bus, on one broker. */
export class Stage {
  readonly feed: Broadcast<Change>;
  readonly letters: DeadLetterList;
  readonly #shop: Bus;
  readonly #stories: Stories;
  readonly #deployments: readonly Deployment[];
  #orders = 0;

  /** Starts all buses. @throws MessagingError if a bus cannot start */
  static async open({ transport, paceMs }: StageOptions): Promise<Stage> {
    const feed = new Broadcast<Change>();
    const stories = new Stories((story) => feed.send({ kind: "order", story }));
    const shop = await createBus({
      transport,
      name: "shop",
      sends: WAYS.flatMap((way) => VARIANTS[way].contracts),
      middleware: { outgoing: [journalInto(stories)] },
    });
    const stage = new Stage({ transport, paceMs, stories, feed, shop });
    await shop.start();
    for (const deployment of stage.#deployments) await deployment.start();
    for (const service of stage.#services) await stage.letters.refresh(service);
    return stage;
  }

  private constructor({ feed, stories, shop, transport, paceMs }: Parts) {
    this.feed = feed;
    this.#stories = stories;
    this.#shop = shop;
    this.letters = new DeadLetterList(shop, (service, letters) =>
      feed.send({ kind: "letters", service, letters }),
    );
    const options: DeploymentOptions = {
      transport,
      paceMs,
      stories,
      onChange: (service) => feed.send({ kind: "service", service }),
      onDead: (service, key) => this.background(this.letters.expect(service, key)),
    };
    this.#deployments = WAYS.flatMap((way) =>
      VARIANTS[way].services.map((service) => new Deployment(way, service, options)),
    );
  }

  /** Returns the whole state, for a page that has just been opened. */
  get everything(): readonly Change[] {
    return [
      ...this.#deployments.map(({ view }): Change => ({ kind: "service", service: view })),
      ...[...this.letters.all].map(([service, letters]): Change => ({ kind: "letters", service, letters })),
      ...this.#stories.all.map((story): Change => ({ kind: "order", story })),
    ];
  }

  get #services(): ReadonlySet<string> {
    return new Set(this.#deployments.map(({ view }) => view.name));
  }

  explain(): string {
    return this.#shop.explain().toString();
  }

  deployment(way: Way, name: string): Deployment | undefined {
    return this.#deployments.find(({ view }) => view.way === way && view.name === name);
  }

  /** Places orders, as a click on BUY does. Resolves when the shop has sent all messages. */
  async buy(way: Way): Promise<void> {
    const correlationId = randomUUID();
    const order = nextOrder(this.#orders++);
    this.#stories.begin(correlationId, way, order);
    try {
      await VARIANTS[way].buy(within(correlationId, this.#shop), order);
      this.#stories.end(correlationId);
    } catch (error) {
      this.#stories.end(correlationId, isMessagingError(error) ? error.message : String(error));
    }
  }

  /** Runs work that no caller awaits. Pages get the error when it fails. */
  background(work: Promise<void>): void {
    work.catch((error: unknown) => this.feed.send({ kind: "problem", text: String(error) }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#deployments.map((deployment) => deployment.stop()));
    await this.#shop.stop();
    this.feed.close();
  }
}

interface Parts extends StageOptions {
  readonly feed: Broadcast<Change>;
  readonly stories: Stories;
  readonly shop: Bus;
}

function nextOrder(count: number): Order {
  return { orderId: 12004 + count, address: ADDRESSES[count % ADDRESSES.length] ?? "" };
}

/** One click is one conversation, however many commands the shop sends. */
function within(correlationId: string, bus: Messenger): Messenger {
  return {
    send: (contract, data, options) => bus.send(contract, data, { correlationId, ...options }),
    publish: (contract, data, options) => bus.publish(contract, data, { correlationId, ...options }),
    request: (contract, data, options) =>
      bus.request(contract, data, { correlationId, timeout: "20s", ...options }),
  };
}
