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
 * The broker of a profile by itself, without an application: for whoever compares it with a real one. What happens next is
 * left to chance, as it is on a real broker; the same chance gives the same choices.
 */
export interface Model {
  readonly environment: Environment;
  /** Another process's transport; not connected. */
  transport(): Transport;
  /** Lets some of what can happen without time happen, or all of it, or nothing: by chance. */
  settle(): Promise<void>;
  /** Lets everything happen that can without time. */
  rest(): Promise<void>;
  /** Lets time pass, and meanwhile, by chance, what can happen. */
  elapse(ms: number): Promise<void>;
  /** The connection of a transport is lost until `restore`. */
  cut(transport: Transport): void;
  restore(transport: Transport): void;
  /** The process of a transport is gone without a word. */
  crash(transport: Transport): void;
  /** The next message of a transport is stored, but it is told that it may not be. */
  loseConfirm(transport: Transport): void;
  /** What is on its way to a transport goes back before it has seen it. */
  releaseUnseen(transport: Transport): void;
  /** Whether members come and go without others losing what they have in hand. */
  readonly hasRebalances: boolean;
  /** The broker takes back what a transport has in hand, and shares out anew. Only where there are such. */
  rebalance(transport: Transport): void;
}

/**
 * @param chance decides whatever is left to chance, the order of what happens included
 * @throws MessagingError `invalid-option` for a profile that is not known
 */
export function createModel(profile: ProfileName, chance: Random): Model {
  return new BrokerModel(profile, chance);
}

const LAZINESS = [0, 0.5, 0.9, 1] as const;
/** No broker promises when a lane moves to somebody new. */
const LANE_MOVES = [0, 2_000] as const;
/** On what grid the adapter's delays lie, its `granularityMs`: so late may come what waits for its time. */
const GRIDS_MS: Readonly<Record<ProfileName, number>> = { kafka: 50, rabbitmq: 100, nats: 0, strictest: 100 };
/** How long it may take at most until a broker hears that a process or a connection is gone: as long as a lease or a session lasts. */
const NOTICES_MS = [0, 20, 3_500] as const;
/** How often a broker that shares out anew does so although nobody has come or gone: a member was not heard of in time. */
const UNRESTS = [0, 0, 0.03, 0.15] as const;
/** How often a member gives back what it has not seen: a lane moves on when somebody has come or gone, in its own time. */
const MOVES = [0, 0, 0.05, 0.2] as const;

class BrokerModel implements Model {
  readonly environment: Environment;
  readonly hasRebalances: boolean;
  readonly #chance: Random;
  /** How likely it is that nothing happens although it could. */
  readonly #laziness: number;
  readonly #unrest: number;
  readonly #moves: number;
  readonly #clock = new SimClock();
  readonly #agenda = new Agenda(() => this.#clock.now());
  readonly #parts: RunParts;
  readonly #owners = new Map<SimTransport, SimProcess>();

  constructor(name: ProfileName, chance: Random) {
    const profile = profileOf(name);
    this.#chance = chance;
    this.#laziness = LAZINESS[this.#below(LAZINESS.length)] ?? 0;
    this.environment = { clock: this.#clock, random: chance };
    this.hasRebalances = profile.faults.rebalance !== undefined;
    this.#unrest = this.hasRebalances ? (UNRESTS[this.#below(UNRESTS.length)] ?? 0) : 0;
    this.#moves = MOVES[this.#below(MOVES.length)] ?? 0;
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
        maxLatenessMs: GRIDS_MS[name] * this.#below(2),
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
    this.#shareOut();
    await drain();
    if (this.#chance.next() < this.#laziness) return;
    if (this.#chance.next() < 0.5) return this.rest();
    for (let steps = this.#below(6); steps > 0 && (await this.#step(this.#below(256))); steps--);
  }

  async rest(): Promise<void> {
    await drain();
    while (await this.#step(this.#chance.next() < 0.5 ? 0 : this.#below(256)));
  }

  async elapse(ms: number): Promise<void> {
    let isOver = false;
    await this.settle();
    this.#clock.schedule(ms, () => (isOver = true));
    while (!isOver && this.#clock.ringNext()) await this.settle();
  }

  cut(transport: Transport): void {
    this.#own(transport).cut((run) => this.#hear(run));
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
    if (this.#parts.profile.membersForwardDueMessages && this.#chance.next() < 0.3)
      this.#parts.broker.duplicateLastDue();
    this.#hear(() => {
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

  /** Lets the broker hear of something, by chance at once. */
  #hear(run: () => void): void {
    const latest = NOTICES_MS[this.#below(NOTICES_MS.length)] ?? 0;
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

  /** Partitions are taken back and lanes move when it suits the broker and its members: these as soon as there are several. */
  #shareOut(): void {
    const members = [...this.#owners.keys()].filter((each) => each.isMember);
    for (const each of members) {
      if (this.#unrest > 0 && this.#chance.next() < this.#unrest) each.rebalance();
      if (members.length > 1 && this.#moves > 0 && this.#chance.next() < this.#moves) each.releaseUnseen();
    }
  }

  /** No broker promises whose turn it is. */
  #passTurns(): void {
    const { queues, topics } = this.#parts.broker.entities;
    for (const queue of queues.values()) queue.passTurns(this.#below(3));
    for (const { groups } of topics.values())
      for (const queue of groups.values()) queue.passTurns(this.#below(3));
  }

  #own(transport: Transport): SimTransport {
    if (transport instanceof SimTransport) return transport;
    throw new TypeError("This transport was not made by this model.");
  }

  #below(end: number): number {
    return Math.floor(this.#chance.next() * end);
  }
}
