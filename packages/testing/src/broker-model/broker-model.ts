import type { Environment, Random, Transport } from "@waybill/core/transport";
import { MemoryBroker } from "@waybill/memory";
import { FaultPlan } from "../faults/fault-plan.ts";
import { History } from "../history/history.ts";
import { drain } from "../simulate/drain.ts";
import { Agenda } from "../world/agenda.ts";
import { SimProcess } from "../world/process.ts";
import type { RunParts } from "../world/parts.ts";
import { portOf } from "../world/platform/port-of.ts";
import { profileOf, type ProfileName } from "../world/profile.ts";
import { SimClock } from "../world/platform/sim-clock.ts";
import { SimTransport } from "../world/sim-transport.ts";

/**
 * The broker of a profile, without an application, for comparison with a real broker. Random numbers choose the order of events;
 * the same random numbers give the same order.
 */
export interface Model {
  readonly environment: Environment;
  /** Returns the transport of a new process, not connected. */
  transport(): Transport;
  /** Runs none, some or all of the events that need no time, by chance. */
  settle(): Promise<void>;
  /** Runs all events that need no time. */
  rest(): Promise<void>;
  /** Advances the time, and runs, by chance, events in between. */
  elapse(ms: number): Promise<void>;
  /** Cuts the connection of a transport until `restore`. */
  cut(transport: Transport): void;
  restore(transport: Transport): void;
  /** Crashes the process of a transport. */
  crash(transport: Transport): void;
  /** Stores the next message of a transport and loses its confirmation. */
  loseConfirm(transport: Transport): void;
  /** Releases the deliveries on their way to a transport, before a handler sees them. */
  releaseUnseen(transport: Transport): void;
  /** Whether this broker takes messages in flight away from a member in a rebalance. */
  readonly hasRebalances: boolean;
  /** Takes back the messages in flight of a transport and assigns the lanes again. Only with `hasRebalances`. */
  rebalance(transport: Transport): void;
}

/**
 * Returns the model of a broker.
 * @param random the source of all choices, including the order of events
 * @throws MessagingError `invalid-option` for an unknown profile
 */
export function createModel(profile: ProfileName, random: Random): Model {
  return new BrokerModel(profile, random);
}

const LAZINESS = [0, 0.5, 0.9, 1] as const;
/** The delays until a lane moves to another member: brokers promise none. */
const LANE_MOVES = [0, 2_000] as const;
/** The adapter's `granularityMs` for delays: the longest lateness of a delayed message, in milliseconds. */
const GRANULARITIES_MS: Readonly<Record<ProfileName, number>> = {
  kafka: 50,
  rabbitmq: 100,
  nats: 0,
  strictest: 100,
};
/** The longest time until a broker detects the loss of a process or connection: the length of a lease or session. */
const DETECTION_DELAYS_MS = [0, 20, 3_500] as const;
/** The probability of a rebalance without a new or lost member, as after a missed heartbeat. */
const REBALANCE_RATES = [0, 0, 0.03, 0.15] as const;
/** The probability that a member releases unseen deliveries: a lane moves some time after a member has joined or left. */
const RELEASE_RATES = [0, 0, 0.05, 0.2] as const;

class BrokerModel implements Model {
  readonly environment: Environment;
  readonly hasRebalances: boolean;
  readonly #random: Random;
  /** The probability that `settle` runs no event. */
  readonly #laziness: number;
  readonly #rebalanceRate: number;
  readonly #releaseRate: number;
  readonly #clock = new SimClock();
  readonly #agenda = new Agenda(() => this.#clock.now());
  readonly #parts: RunParts;
  readonly #owners = new Map<SimTransport, SimProcess>();

  constructor(name: ProfileName, random: Random) {
    const profile = profileOf(name);
    this.#random = random;
    this.#laziness = LAZINESS[this.#below(LAZINESS.length)] ?? 0;
    this.environment = { clock: this.#clock, random };
    this.hasRebalances = profile.faults.rebalance !== undefined;
    this.#rebalanceRate = this.hasRebalances
      ? (REBALANCE_RATES[this.#below(REBALANCE_RATES.length)] ?? 0)
      : 0;
    this.#releaseRate = RELEASE_RATES[this.#below(RELEASE_RATES.length)] ?? 0;
    this.#parts = {
      clock: this.#clock,
      random: this.environment.random,
      profile,
      platform: "off",
      platformViolations: [],
      agenda: this.#agenda,
      history: new History(() => this.#clock.sinceBeginning),
      faults: new FaultPlan([]),
      broker: new MemoryBroker(this.environment, {
        ...profile.broker,
        laneMoveMs: LANE_MOVES[this.#below(2)] ?? 0,
        maxLatenessMs: GRANULARITIES_MS[name] * this.#below(2),
      }),
    };
  }

  transport(): Transport {
    const owner = new SimProcess(`member ${this.#owners.size + 1}`, false, (self) =>
      portOf(self, this.#parts),
    );
    const transport = new SimTransport(this.#parts, owner, () => undefined);
    this.#owners.set(transport, owner);
    return transport;
  }

  async settle(): Promise<void> {
    this.#passTurns();
    this.#rebalanceByChance();
    await drain();
    if (this.#random.next() < this.#laziness) return;
    if (this.#random.next() < 0.5) return this.rest();
    for (let steps = this.#below(6); steps > 0 && (await this.#step(this.#below(256))); steps--);
  }

  async rest(): Promise<void> {
    await drain();
    while (await this.#step(this.#random.next() < 0.5 ? 0 : this.#below(256)));
  }

  async elapse(ms: number): Promise<void> {
    let isOver = false;
    await this.settle();
    this.#clock.schedule(ms, () => (isOver = true));
    while (!isOver && this.#clock.ringNext()) await this.settle();
  }

  cut(transport: Transport): void {
    this.#own(transport).cut((run) => this.#detectLater(run));
  }

  restore(transport: Transport): void {
    this.#own(transport).memory.restore();
  }

  crash(transport: Transport): void {
    const own = this.#own(transport);
    const owner = this.#owners.get(own);
    if (owner === undefined) return;
    owner.isAlive = false;
    this.#agenda.purge(owner);
    this.#clock.purge(owner);
    if (this.#parts.profile.membersForwardDueMessages && this.#random.next() < 0.3)
      this.#parts.broker.duplicateLastDue();
    this.#detectLater(() => {
      own.crash();
      owner.handlings.clear();
    });
  }

  loseConfirm(transport: Transport): void {
    this.#own(transport).memory.loseConfirms(1);
  }

  rebalance(transport: Transport): void {
    this.#own(transport).rebalance();
  }

  releaseUnseen(transport: Transport): void {
    this.#own(transport).releaseUnseen();
  }

  /** Runs a function when the broker detects a loss: at once or later, by chance. */
  #detectLater(run: () => void): void {
    const latest = DETECTION_DELAYS_MS[this.#below(DETECTION_DELAYS_MS.length)] ?? 0;
    if (latest === 0) run();
    else this.#clock.schedule(this.#below(latest), run);
  }

  async #step(choice: number): Promise<boolean> {
    const event = this.#agenda.take(choice);
    if (event === undefined) return false;
    event.run();
    await drain();
    return true;
  }

  /** Rebalances members and moves lanes by chance; lanes move only between several members. */
  #rebalanceByChance(): void {
    const members = [...this.#owners.keys()].filter((each) => each.isMember);
    for (const each of members) {
      if (this.#rebalanceRate > 0 && this.#random.next() < this.#rebalanceRate) each.rebalance();
      if (members.length > 1 && this.#releaseRate > 0 && this.#random.next() < this.#releaseRate)
        each.releaseUnseen();
    }
  }

  /** Passes the turn of each queue to another member by chance: no broker promises which member is next. */
  #passTurns(): void {
    const { queues, topics } = this.#parts.broker.entities;
    for (const queue of queues.values()) queue.passTurns(this.#below(3));
    for (const { groups } of topics.values())
      for (const queue of groups.values()) queue.passTurns(this.#below(3));
  }

  #own(transport: Transport): SimTransport {
    if (transport instanceof SimTransport) return transport;
    throw new TypeError(
      "This transport does not belong to this model. Pass a transport that its transport() returned.",
    );
  }

  #below(end: number): number {
    return Math.floor(this.#random.next() * end);
  }
}
