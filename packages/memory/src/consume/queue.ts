import type { Deliver, Headers, Settlement, WireMessage } from "@waybill/core/transport";
import { revocation, ownHeaders } from "@waybill/core/transport-kit";
import { Dedup } from "../publish/deduplication.ts";
import type { MemoryDelivery } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import { Lane } from "../lanes/lane.ts";
import { Member, type Settler } from "./member.ts";
import { spread } from "../lanes/assignor.ts";
import type { BrokerShape } from "../topology/broker-profile.ts";

/** What a queue needs of its broker. */
export interface QueueHost {
  readonly shape: BrokerShape;
  /** Whether what was just given back counts as an attempt. */
  countsRelease(): boolean;
  /** A whole number from 0 and below `end`, as chance has it. */
  below(end: number): number;
  /** Calls back after the time that lanes take to move. */
  whenLanesMove(run: () => void): void;
  /** Asks for one `pump` once the present work is done. */
  wake(queue: Queue): void;
  /** Brings an entry back to its queue after a delay. */
  later(queue: Queue, entry: Entry, delayMs: number): void;
  /** Stores a dead letter of the group. */
  bury(group: string, message: WireMessage): void;
}

/** One group's messages: competing members, and lanes with one owner each. */
export class Queue implements Settler {
  /** Absent: no order. */
  readonly lanes: number | undefined;
  readonly #host: QueueHost;
  readonly #lanes: readonly Lane<Member>[];
  readonly #members: Member[] = [];
  #turn = 0;
  #dedup: Dedup | undefined = undefined;

  constructor(lanes: number | undefined, host: QueueHost) {
    this.lanes = lanes;
    this.#host = host;
    this.#lanes =
      lanes === undefined
        ? [new Lane<Member>(undefined)]
        : Array.from({ length: lanes }, (_, index) => new Lane<Member>(index));
  }

  /** Made when it is first asked: not every broker recognises resends. */
  get dedup(): Dedup {
    return (this.#dedup ??= new Dedup());
  }

  get ready(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.backlog.size, 0);
  }

  get members(): number {
    return this.#members.length;
  }

  /** The services that consume it. */
  get groups(): readonly string[] {
    return this.#members.map(({ group }) => group);
  }

  get held(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.held, 0);
  }

  /** Appends an entry to its lane. */
  append(entry: Entry): void {
    this.#laneOf(entry).backlog.append(entry);
    this.#host.wake(this);
  }

  /** @param group whose dead letters the member's become */
  join(deliver: Deliver, group: string): Member {
    const member = new Member(deliver, group, this);
    this.#members.push(member);
    if (this.lanes === undefined || this.#host.shape.laneMoveMs === 0) this.#reassign();
    else {
      this.#adopt(member);
      this.#host.whenLanesMove(() => this.#reassign());
    }
    return member;
  }

  /** Takes the member out. What it still holds goes back to its place: untouched, or as one attempt more, as is asked for each. */
  leave(member: Member, isCounted: (delivery: MemoryDelivery) => boolean): void {
    const at = this.#members.indexOf(member);
    if (at < 0) return;
    this.#members.splice(at, 1);
    member.isLeaving = true;
    const isLate = this.#host.shape.settles === "late";
    for (const delivery of member.held.all()) {
      revocation.revoke(delivery);
      member.drop(delivery);
      if (isCounted(delivery)) delivery.entry.attempt += 1;
      // Tries in place are noted as late as what is settled.
      else if (isLate && delivery.entry.attempt > 1) delivery.entry.attempt -= this.#host.below(2);
      delivery.from.backlog.giveBack(delivery.entry);
    }
    const kept = isLate ? this.#host.below(member.uncommitted.length + 1) : 0;
    for (const { entry, from } of member.uncommitted.splice(0).slice(kept)) from.backlog.giveBack(entry);
    this.#reassign();
  }

  /** The broker takes one delivery back while its member still works on it: a lease has expired. */
  takeBack(member: Member, delivery: MemoryDelivery): void {
    if (!delivery.isLive) return;
    revocation.revoke(delivery);
    member.drop(delivery);
    delivery.entry.attempt += 1;
    delivery.from.backlog.giveBack(delivery.entry);
    delivery.from.handOver();
    this.#host.wake(this);
  }

  /** The next message goes to another member than it would. */
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
    member.drop(delivery);
    if (this.#host.shape.settles !== "each" && settlement.type !== "release") member.commit(delivery);
    delivery.from.handOver();
    this.#conclude(delivery, settlement, member.group);
    this.#host.wake(this);
  }

  /** Stores anew what a settlement moves elsewhere; the delivery itself stays in hand, to be acknowledged. */
  copy(member: Member, { entry, from, isLive }: MemoryDelivery, settlement: Settlement): void {
    if (isLive) this.#conclude({ entry: { ...entry }, from }, settlement, member.group);
  }

  /** Hands out what can be handed out, a message at a time, in turns: nobody with a free place waits for another. */
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
    if (owner === undefined || owner !== lane.heir || owner.free <= 0) return false;
    const entry = lane.backlog.take();
    if (entry !== undefined) owner.take(entry, lane);
    return entry !== undefined;
  }

  #conclude(
    { entry, from }: Pick<MemoryDelivery, "entry" | "from">,
    settlement: Settlement,
    group: string,
  ): void {
    switch (settlement.type) {
      case "ack":
        return;
      case "release":
        if (this.#host.countsRelease()) entry.attempt += 1;
        return from.backlog.giveBack(entry);
      case "retry":
        entry.attempt += 1;
        entry.message = withHeaders(entry.message, settlement.headers);
        return this.#host.later(this, entry, settlement.delayMs);
      case "dead-letter":
        return this.#host.bury(group, letterOf(entry.message, settlement.headers));
    }
  }

  /** Gives a member the lanes that nobody owns. */
  #adopt(member: Member): void {
    for (const lane of this.#lanes) {
      lane.heir ??= member;
      lane.handOver();
    }
    this.#host.wake(this);
  }

  #reassign(): void {
    if (this.lanes !== undefined) {
      const staying = this.#members.filter((member) => !member.isLeaving);
      const heirs = spread(
        this.#lanes.map(({ heir }) => heir),
        staying,
      );
      for (const [at, lane] of this.#lanes.entries()) {
        lane.heir = heirs[at];
        lane.handOver();
      }
    }
    this.#host.wake(this);
  }

  /** Gives the member's lanes away as they fall empty. */
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

/** A dead letter: it says of its failure what this transport does, and nothing that the sender wrote. */
function letterOf(message: WireMessage, headers: Headers): WireMessage {
  return { ...message, headers: { ...ownHeaders.moveFailureHeadersAside(message.headers), ...headers } };
}
