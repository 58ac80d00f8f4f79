import type { ChannelModel } from "amqplib";
import {
  Forwarding,
  HandOut,
  Problems,
  describeThrown,
  type Cancel,
  type Deliver,
  type Destination,
  type Ground,
  type Report,
  type Settlement,
  type Subscription,
  within,
} from "@waybill/core/transport";
import type { Channels } from "./channels.ts";
import type { RabbitmqDelivery } from "./delivery.ts";
import type { Existence } from "./existence.ts";
import { isNotFound, isAnswer } from "./errors.ts";
import { Inlet } from "./inlet.ts";
import { membersName } from "./names.ts";
import type { Probationer } from "./probation.ts";
import { moveOn, type Mover } from "./settlement.ts";
import { Sharing } from "./sharing.ts";
import type { SourceQueue } from "./sources.ts";

/** After a refusal to consume, and between two looks at how lanes are shared. */
const PAUSE_MS = 500;
/** Between two tries to read a queue that cannot be read. */
const LONGEST_PAUSE_MS = 5_000;
/** How long the broker may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 150;

/** The key of a problem. No queue has this name. */
const LOSSES = "";

export interface SubscriptionOptions extends Mover {
  readonly ground: Ground;
  readonly channels: Channels;
  readonly existence: Existence;
  /** What the names of its queues have in common. */
  readonly name: string;
  /** Its queues, one per lane. */
  readonly queues: readonly SourceQueue[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  readonly report: Report | undefined;
  /** Present while connected. */
  readonly model: () => ChannelModel | undefined;
}

/** A member of a source: the window of unsettled deliveries over all its queues, which take turns. */
export class RabbitmqSubscription implements Subscription, Probationer {
  readonly #options: SubscriptionOptions;
  readonly #inlets: readonly Inlet[];
  readonly #handOut: HandOut<Inlet, RabbitmqDelivery>;
  /** Present where there are lanes to share. */
  readonly #sharing: Sharing | undefined;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  /** Looks in a row that found a queue that cannot be read. */
  #failures = 0;
  #isDraining = false;
  #isHeld = false;
  #cancelLook: Cancel | undefined = undefined;
  /** Openings and closings of channels, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock: options.clock, problems: this.#problems });
    this.#sharing = options.queues.length > 1 ? new Sharing(options.channels, options.name) : undefined;
    this.#inlets = options.queues.map(
      ({ queue, lane, past }) =>
        new Inlet({
          queue,
          lane,
          present: async () => (past !== undefined && (await this.#has(past)) ? past : queue),
          onPastHandled: (handled) => this.#then(() => this.#endPast(handled)),
          destination: options.destination,
          onArrival: () => this.#handOut.go(),
          onLoss: (open) => this.#lose(open),
        }),
    );
    this.#handOut = new HandOut({
      feeds: this.#inlets,
      deliver: options.deliver,
      settle: (inlet, delivery, settlement) => this.#settle(inlet, delivery, settlement),
    });
  }

  /** What the names of its queues have in common. */
  get name(): string {
    return this.#options.name;
  }

  credit(window: number): void {
    if (window === this.#handOut.window || this.#isDraining) return;
    this.#handOut.window = window;
    this.#then(() => this.#adjust());
  }

  /** Reads nothing until `resume`: its connection is lost. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The connection is back, or there for the first time. */
  resume(): Promise<void> {
    this.#isHeld = false;
    this.#then(() => this.#adjust());
    return this.#work;
  }

  /** Reports that reading its queues ends connections. */
  impair(problem: string | undefined): void {
    if (problem === undefined) this.#problems.clear(LOSSES);
    else this.#problems.set(LOSSES, problem);
  }

  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#handOut.stop();
    this.#cancelLook?.();
    this.#forwarding.end();
    for (const inlet of this.#inlets) void inlet.stop();
    const { clock } = this.#options;
    const rest = deadline - clock.now();
    await within(clock, rest, Promise.all([this.#work, ...this.#inlets.map((inlet) => inlet.empty())]));
    const goodbye = Promise.all([this.#sharing?.leave(), ...this.#inlets.map((inlet) => inlet.close())]);
    // Where the connection has fallen silent, nobody answers.
    await within(clock, Math.max(GOODBYE_MS, deadline - clock.now()), goodbye);
  }

  #has(queue: string): Promise<boolean> {
    return this.#options.existence.check({ kind: "queue", name: queue });
  }

  /** The broker tells all who consume from it, and they go on with their own queue. */
  async #endPast(queue: string): Promise<void> {
    await this.#options.channels.run((channel) => channel.deleteQueue(queue));
  }

  /** Brings the channels to what the window wants. */
  async #adjust(): Promise<void> {
    const model = this.#options.model();
    if (model === undefined || this.#isDraining || this.#isHeld) return;
    if (this.#handOut.window > 0 && this.#sharing !== undefined) await this.#join(this.#sharing, model);
    const isGood = await Promise.all(this.#inlets.map((inlet) => this.#adjustOne(inlet, model)));
    this.#failures = isGood.includes(false) ? this.#failures + 1 : 0;
    if (this.#failures > 0) this.#look();
    this.#handOut.go();
  }

  async #join(sharing: Sharing, model: ChannelModel): Promise<void> {
    const queue = membersName(this.#options.name);
    try {
      await sharing.join(model);
      this.#problems.clear(queue);
    } catch (error) {
      this.#note(queue, error);
    }
    this.#look();
  }

  /** False where the queue cannot be read: it is tried again with the next look or connection. */
  async #adjustOne(inlet: Inlet, model: ChannelModel): Promise<boolean> {
    const { window } = this.#handOut;
    try {
      if (!inlet.isOpen) {
        if (window > 0) await inlet.open(model, window);
      } else {
        await inlet.pause();
        if (window > 0) await inlet.resume(window);
      }
      if (inlet.isOpen) this.#problems.clear(inlet.queue);
      return true;
    } catch (error) {
      this.#note(inlet.queue, error);
      await inlet.close();
      return false;
    }
  }

  /** A lost connection is no problem of the source. */
  #note(queue: string, error: unknown): void {
    if (isNotFound(error))
      this.#problems.set(queue, `RabbitMQ has no queue ${queue} any more: provision it again.`);
    else if (isAnswer(error))
      this.#problems.set(
        queue,
        `RabbitMQ does not let this user read queue ${queue}: ${describeThrown(error)}.`,
      );
  }

  #settle(inlet: Inlet, delivery: RabbitmqDelivery, settlement: Settlement): void {
    if (settlement.type === "ack") inlet.ack(delivery);
    else if (settlement.type === "release") this.#release(inlet, delivery);
    else if (settlement.type === "retry" && settlement.delayMs === 0 && settlement.headers === undefined)
      inlet.requeue(delivery);
    else return void this.#move(inlet, delivery, settlement);
    this.#handOut.free();
  }

  async #move(
    inlet: Inlet,
    delivery: RabbitmqDelivery,
    settlement: Parameters<typeof moveOn>[1],
  ): Promise<void> {
    const fate = await moveOn(delivery, settlement, {
      ...this.#options,
      queue: inlet.queue,
      forwarding: this.#forwarding,
      onRest: () => this.#rest(inlet, delivery),
    });
    if (!delivery.isLive) return;
    if (fate === "stored") inlet.ack(delivery);
    else inlet.leave(delivery); // the subscription ends
    if (!delivery.isResting) this.#handOut.free();
  }

  #rest(inlet: Inlet, delivery: RabbitmqDelivery): void {
    inlet.rest(delivery);
    this.#handOut.free();
    if (!inlet.isCramped) return;
    this.#then(async () => {
      if (inlet.isCramped && !(await inlet.widen(this.#handOut.window))) letGo(inlet);
    });
  }

  #release(inlet: Inlet, delivery: RabbitmqDelivery): void {
    if (!inlet.isLane && !this.#isDraining) return inlet.release(delivery);
    // Requeued one by one, they could be overtaken by what waits behind them.
    inlet.leave(delivery);
    if (!this.#isDraining) letGo(inlet);
  }

  #lose(open: number): void {
    this.#handOut.free(open);
    if (this.#isDraining) return;
    this.#then(() => this.#adjust());
  }

  /** Now and then: opens what could not be opened, and lets go of lanes above this member's share. */
  #look(): void {
    this.#cancelLook?.();
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** Math.min(this.#failures, 10));
    this.#cancelLook = this.#options.ground.clock.schedule(pauseMs, () => {
      this.#cancelLook = undefined;
      this.#then(async () => {
        // Where the members cannot be counted, nothing is let go.
        const excess = await this.#sharing?.excess(this.#inlets).catch(() => []);
        for (const inlet of excess ?? []) letGo(inlet);
        if (this.#inlets.some(({ isOpen }) => !isOpen)) await this.#adjust();
        else if (this.#handOut.window > 0 && this.#sharing !== undefined) this.#look();
      });
    });
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#isDraining ? undefined : work())).catch(() => undefined);
  }
}

/** Finishes what is out and gives the rest back; whoever loses a channel so opens it anew, behind the other members. */
function letGo(inlet: Inlet): void {
  inlet.isHolding = true;
  void inlet.empty().then(() => inlet.close());
}
