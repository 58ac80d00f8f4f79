import type { Deliver, Headers, Settlement, WireMessage } from "@waybill/core/transport";
import { revocation, ownHeaders } from "@waybill/core/transport-kit";
import { Deduplication } from "../publish/deduplication.ts";
import type { MemoryDelivery } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import { Lane } from "../lanes/lane.ts";
import { Member, type Settler } from "./member.ts";
import { assignLanes } from "../lanes/assignor.ts";
import type { BrokerProfile } from "../topology/broker-profile.ts";

/** The parts of a broker that its queues use. */
export interface QueueHost {
  readonly profile: BrokerProfile;
  /** Returns whether a release counts as an attempt. */
  countsRelease(): boolean;
  /** Returns a random whole number from 0 and below `end`. */
  randomBelow(end: number): number;
  /** Calls `run` after the time that lanes take to move to a new member. */
  afterLaneMove(run: () => void): void;
  /** Calls `pump` of the queue once, in a microtask. */
  wake(queue: Queue): void;
  /** Appends an entry to its queue after a delay. */
  delay(queue: Queue, entry: Entry, delayMs: number): void;
  /** Stores a dead letter of a group. */
  addDeadLetter(group: string, message: WireMessage): void;
}

/** The messages of one group: competing members, and lanes with one owner each. */
export class Queue implements Settler {
  /** The number of lanes; undefined without order. */
  readonly lanes: number | undefined;
  readonly #host: QueueHost;
  readonly #lanes: readonly Lane<Member>[];
  readonly #members: Member[] = [];
  #turn = 0;
  #deduplication: Deduplication | undefined = undefined;

  constructor(lanes: number | undefined, host: QueueHost) {
    this.lanes = lanes;
    this.#host = host;
    this.#lanes =
      lanes === undefined
        ? [new Lane<Member>(undefined)]
        : Array.from({ length: lanes }, (_, index) => new Lane<Member>(index));
  }

  /** Created on first use, because not every broker deduplicates. */
  get deduplication(): Deduplication {
    return (this.#deduplication ??= new Deduplication());
  }

  get ready(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.backlog.size, 0);
  }

  get members(): number {
    return this.#members.length;
  }

  /** The services of its members. */
  get groups(): readonly string[] {
    return this.#members.map(({ group }) => group);
  }

  get inFlight(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
  }

  /** Appends an entry to its lane. */
  append(entry: Entry): void {
    this.#laneOf(entry).backlog.append(entry);
    this.#host.wake(this);
  }

  /** Adds a member. @param group the service that receives its dead letters */
  join(deliver: Deliver, group: string): Member {
    const member = new Member(deliver, group, this);
    this.#members.push(member);
    if (this.lanes === undefined || this.#host.profile.laneMoveMs === 0) this.#reassign();
    else {
      this.#adopt(member);
      this.#host.afterLaneMove(() => this.#reassign());
    }
    return member;
  }

  /**
   * Removes a member. Its deliveries in flight return to their positions. Their redelivery counts as an attempt if
   * `isCounted` returns true.
   */
  leave(member: Member, isCounted: (delivery: MemoryDelivery) => boolean): void {
    const at = this.#members.indexOf(member);
    if (at < 0) return;
    this.#members.splice(at, 1);
    member.isLeaving = true;
    const isLate = this.#host.profile.settles === "late";
    for (const delivery of member.inFlight.all()) {
      revocation.revoke(delivery);
      member.remove(delivery);
      if (isCounted(delivery)) delivery.entry.attempt += 1;
      // A broker that settles `late` may not have recorded the latest retry without a delay.
      else if (isLate && delivery.entry.attempt > 1) delivery.entry.attempt -= this.#host.randomBelow(2);
      delivery.from.backlog.putBack(delivery.entry);
    }
    const kept = isLate ? this.#host.randomBelow(member.uncommitted.length + 1) : 0;
    for (const { entry, from } of member.uncommitted.splice(0).slice(kept)) from.backlog.putBack(entry);
    this.#reassign();
  }

  /** Revokes one delivery in flight, as a broker does after its lease has expired. */
  takeBack(member: Member, delivery: MemoryDelivery): void {
    if (!delivery.isLive) return;
    revocation.revoke(delivery);
    member.remove(delivery);
    delivery.entry.attempt += 1;
    delivery.from.backlog.putBack(delivery.entry);
    delivery.from.transfer();
    this.#host.wake(this);
  }

  /** Passes the turn over the given number of members. */
  passTurns(count: number): void {
    this.#turn += count;
  }

  setWindow(member: Member, window: number): void {
    member.window = window;
    this.#host.wake(this);
  }

  settle(member: Member, delivery: MemoryDelivery, settlement: Settlement): void {
    if (!delivery.isLive) return;
    delivery.isLive = false;
    member.remove(delivery);
    if (this.#host.profile.settles !== "each" && settlement.type !== "release") member.commit(delivery);
    delivery.from.transfer();
    this.#carryOut(delivery, settlement, member.group);
    this.#host.wake(this);
  }

  /** Stores the retry or dead letter of a settlement. The delivery stays in flight until it is acknowledged. */
  copy(member: Member, { entry, from, isLive }: MemoryDelivery, settlement: Settlement): void {
    if (isLive) this.#carryOut({ entry: { ...entry }, from }, settlement, member.group);
  }

  /** Dispatches the waiting messages, one at a time, to the members in turns. A member with a free window waits for no other. */
  pump(): void {
    if (this.lanes === undefined) this.#pumpUnordered();
    else while (this.#lanes.map((lane) => this.#pumpLane(lane)).includes(true));
  }

  #pumpUnordered(): void {
    const [lane] = this.#lanes;
    if (lane === undefined) return;
    while (lane.backlog.size > 0) {
      const member = this.#nextFree();
      const entry = member && lane.backlog.take();
      if (entry === undefined) return;
      member?.take(entry, lane);
    }
  }

  #nextFree(): Member | undefined {
    for (let tried = 0; tried < this.#members.length; tried++) {
      const member = this.#members[this.#turn++ % this.#members.length];
      if (member !== undefined && member.free > 0) return member;
    }
    return undefined;
  }

  #pumpLane(lane: Lane<Member>): boolean {
    const { owner } = lane;
    if (owner === undefined || owner !== lane.nextOwner || owner.free <= 0) return false;
    const entry = lane.backlog.take();
    if (entry !== undefined) owner.take(entry, lane);
    return entry !== undefined;
  }

  #carryOut(
    { entry, from }: Pick<MemoryDelivery, "entry" | "from">,
    settlement: Settlement,
    group: string,
  ): void {
    switch (settlement.type) {
      case "ack":
        return;
      case "release":
        if (this.#host.countsRelease()) entry.attempt += 1;
        return from.backlog.putBack(entry);
      case "retry":
        entry.attempt += 1;
        entry.message = withHeaders(entry.message, settlement.headers);
        return this.#host.delay(this, entry, settlement.delayMs);
      case "dead-letter":
        return this.#host.addDeadLetter(group, deadLetterOf(entry.message, settlement.headers));
    }
  }

  /** Assigns the lanes without an owner to a member. */
  #adopt(member: Member): void {
    for (const lane of this.#lanes) {
      lane.nextOwner ??= member;
      lane.transfer();
    }
    this.#host.wake(this);
  }

  #reassign(): void {
    if (this.lanes !== undefined) {
      const staying = this.#members.filter((member) => !member.isLeaving);
      const nextOwners = assignLanes(
        this.#lanes.map(({ nextOwner }) => nextOwner),
        staying,
      );
      for (const [at, lane] of this.#lanes.entries()) {
        lane.nextOwner = nextOwners[at];
        lane.transfer();
      }
    }
    this.#host.wake(this);
  }

  /** Reassigns the member's lanes, each once none of its messages is in flight. */
  retire(member: Member): void {
    member.isLeaving = true;
    this.#reassign();
  }

  #laneOf({ message }: Entry): Lane<Member> {
    const lane = this.#lanes[this.lanes === undefined ? 0 : (message.lane ?? 0)];
    if (lane === undefined) throw new RangeError(`the queue has no lane ${message.lane}`);
    return lane;
  }
}

function withHeaders(message: WireMessage, headers: Headers | undefined): WireMessage {
  return headers === undefined ? message : { ...message, headers: { ...message.headers, ...headers } };
}

/** Returns a dead letter. Foreign failure headers are moved aside, because the transport adds its own. */
function deadLetterOf(message: WireMessage, headers: Headers): WireMessage {
  return { ...message, headers: { ...ownHeaders.moveFailureHeadersAside(message.headers), ...headers } };
}
