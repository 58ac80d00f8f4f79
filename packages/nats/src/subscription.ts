import {
  Forwarding,
  HandOut,
  Problems,
  within,
  type Cancel,
  type Clock,
  type Deliver,
  type Destination,
  type Random,
  type Report,
  type Settlement,
  type Subscription,
} from "@waybill/core/transport";
import { Answers } from "./answers.ts";
import type { Link } from "./connection.ts";
import type { NatsDelivery } from "./delivery.ts";
import { Inlet } from "./inlet.ts";
import { otherOwnersOf, type OtherOwners } from "./other-owners.ts";
import { moveOn, type Mover, type Origin } from "./settlement.ts";
import { Sharing } from "./sharing.ts";

/** How long the server may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 250;

/** How long a message is away that could not be moved on because of a fault of ours. */
const FAILED_MOVE_MS = 5_000;

export interface SubscriptionOptions extends Mover {
  readonly clock: Clock;
  readonly random: Random;
  readonly inboxPrefix: string;
  readonly leaseMs: number;
  /** What the names of its consumers have in common. */
  readonly base: string;
  /** Its consumers, one per lane. */
  readonly origins: readonly (Origin & { readonly lane: number | undefined })[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  /** Present while connected. */
  readonly link: () => Link | undefined;
  /** Says something to the application. */
  readonly tell: (notice: string) => void;
  /** Hears what keeps the source from being served. */
  readonly report: Report | undefined;
}

/** A member of a source: the window of unsettled deliveries over all its consumers, which take turns. */
export class NatsSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #answers: Answers;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  readonly #inlets: readonly Inlet[];
  readonly #origins: ReadonlyMap<Inlet, Origin>;
  readonly #handOut: HandOut<Inlet, NatsDelivery>;
  /** Present for a queue, which belongs to one service. */
  readonly #otherOwners: OtherOwners | undefined;
  /** Present where there are lanes to share. */
  readonly #sharing: Sharing | undefined;
  #isDraining = false;
  #isClosed: Promise<void> | undefined = undefined;
  #renewedAt: number;
  #cancelRenewal: Cancel | undefined = undefined;
  /** Changes of the window, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    const { clock, random, inboxPrefix, leaseMs, destination, origins, base } = options;
    this.#options = options;
    this.#renewedAt = clock.now();
    this.#answers = new Answers(clock, leaseMs);
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock, problems: this.#problems });
    const made = origins.map((origin): [Inlet, Origin] => {
      const { stream, consumer, lane } = origin;
      const events = {
        onGap: () => this.#sharing?.rest(lane),
        onArrival: () => this.#handOut.go(),
        onLoss: (open: number) => this.#handOut.free(open),
        onDeleted: () => this.#problems.set(consumer, deleted(origin)),
        onFound: () => this.#problems.clear(consumer),
      };
      const common = { answers: this.#answers, clock, random, inboxPrefix, leaseMs, destination };
      return [new Inlet({ stream, consumer, lane, ...common, ...events }), origin];
    });
    this.#origins = new Map(made);
    this.#inlets = made.map(([inlet]) => inlet);
    this.#handOut = new HandOut({
      feeds: this.#inlets,
      deliver: options.deliver,
      settle: (inlet, delivery, settlement) => this.#settle(inlet, delivery, settlement),
    });
    const [first] = origins;
    if (first?.lane !== undefined)
      this.#sharing = new Sharing({
        stream: first.stream,
        base,
        inlets: this.#inlets,
        window: () => this.#handOut.window,
        clock,
        random,
        leaseMs,
      });
    this.#otherOwners = otherOwnersOf(destination, {
      service: options.group,
      stream: first?.stream,
      tell: options.tell,
    });
    this.#scheduleRenewal();
  }

  credit(window: number): void {
    if (window === this.#handOut.window || this.#isDraining) return;
    this.#handOut.window = window;
    this.resume();
  }

  /** The connection is back, or there for the first time. */
  resume(): void {
    // Where the connection goes meanwhile, the next one has its turn.
    this.#work = this.#work.then(() => this.#adjust()).catch(() => undefined);
  }

  /** The connection is gone, or the lease of all that was held. */
  suspend({ isHeld }: { readonly isHeld: boolean }): void {
    this.#sharing?.lose();
    this.#answers.lose();
    for (const inlet of this.#inlets) inlet.lose({ isHeld });
  }

  async drain(deadline: number): Promise<void> {
    const { clock } = this.#options;
    this.#isDraining = true;
    this.#handOut.stop();
    this.#sharing?.hold();
    const stopped = Promise.all(this.#inlets.map((inlet) => inlet.stop()));
    const done = Promise.all([this.#work, stopped, ...this.#inlets.map((inlet) => inlet.empty())]);
    await within(clock, deadline - clock.now(), done);
    this.#forwarding.end();
    this.#isClosed ??= this.#close();
    // Where the connection has fallen silent, nobody answers.
    await within(clock, Math.max(GOODBYE_MS, deadline - clock.now()), this.#isClosed);
  }

  async #close(): Promise<void> {
    this.#cancelRenewal?.();
    this.#otherOwners?.close();
    await Promise.all(this.#inlets.map((inlet) => inlet.close()));
    await this.#sharing?.leave();
  }

  /** Brings the consumers to what the window wants. */
  async #adjust(): Promise<void> {
    const link = this.#options.link();
    if (link === undefined) return;
    this.#answers.open(link);
    if (this.#isDraining) return;
    this.#otherOwners?.open(link);
    const { window } = this.#handOut;
    if (this.#sharing !== undefined && window > 0) this.#sharing.join(link);
    if (this.#sharing === undefined && window > 0)
      for (const inlet of this.#inlets) if (!inlet.isOpen) inlet.open(link, window);
    await Promise.all(this.#inlets.map((inlet) => inlet.resize(window)));
    this.#handOut.go();
  }

  #settle(inlet: Inlet, delivery: NatsDelivery, settlement: Settlement): void {
    if (settlement.type === "ack") inlet.ack(delivery);
    else if (settlement.type === "release") this.#release(inlet, delivery);
    else if (settlement.type === "retry" && settlement.headers === undefined)
      inlet.again(delivery, settlement.delayMs);
    else return this.#move(inlet, delivery, settlement);
    this.#free(inlet);
  }

  #move(inlet: Inlet, delivery: NatsDelivery, settlement: Parameters<typeof moveOn>[1]): void {
    // What cannot be moved on at all goes back and comes again.
    this.#moveOn(inlet, delivery, settlement).catch(() => {
      if (!delivery.isLive) return;
      inlet.again(delivery, FAILED_MOVE_MS);
      this.#free(inlet);
    });
  }

  async #moveOn(
    inlet: Inlet,
    delivery: NatsDelivery,
    settlement: Parameters<typeof moveOn>[1],
  ): Promise<void> {
    const origin = this.#origins.get(inlet);
    if (origin === undefined) return;
    let isResting = false;
    const onRest = (): void => {
      isResting = true;
      inlet.rest(delivery);
      this.#free(inlet);
    };
    const forwarding = this.#forwarding;
    const fate = await moveOn(delivery, settlement, { ...this.#options, origin, forwarding, onRest });
    if (fate === "taken back") return;
    await inlet.confirmAck(delivery);
    if (!isResting) this.#free(inlet);
  }

  #release(inlet: Inlet, delivery: NatsDelivery): void {
    if (inlet.lane === undefined) return inlet.again(delivery, 0);
    // Given back one by one, they could be overtaken by what waits behind them.
    inlet.leave(delivery);
    if (!this.#isDraining) this.#sharing?.letGo(inlet);
  }

  #free(inlet: Inlet): void {
    inlet.pull();
    this.#handOut.free();
  }

  #scheduleRenewal(): void {
    const { clock, leaseMs } = this.#options;
    this.#cancelRenewal = clock.schedule(leaseMs / 3, () => {
      this.#renew();
      this.#scheduleRenewal();
    });
  }

  #renew(): void {
    const { clock, leaseMs, link } = this.#options;
    const now = clock.now();
    // A process that stood still for a lease has lost what it held: others have it by now.
    const isTooLate = now - this.#renewedAt > leaseMs;
    this.#renewedAt = now;
    if (isTooLate) {
      this.suspend({ isHeld: false });
      if (link() !== undefined) this.resume();
      return;
    }
    for (const inlet of this.#inlets) inlet.renew();
    this.#answers.makeSure();
    void this.#sharing?.renew();
  }
}

function deleted({ stream, consumer }: Origin): string {
  return `Consumer ${consumer} of stream ${stream} was deleted: nothing comes from it until it is provisioned again.`;
}
