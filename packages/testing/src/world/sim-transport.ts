import {
  ACK,
  RELEASE,
  type Capabilities,
  type Deliver,
  type Delivery,
  type Depth,
  type Drift,
  type PublishFailure,
  type PublishResult,
  type ReplyInbox,
  type Report,
  type Settlement,
  type Source,
  type Subscription,
  type Topology,
  type Transport,
  type TransportState,
  type WireMessage,
} from "@waybill/core/transport";
import { MemoryTransport } from "@waybill/memory";
import type { What } from "../history/event.ts";
import type { SimEvent } from "./agenda.ts";
import type { Handling } from "./handling.ts";
import { runAs, type SimProcess } from "./process.ts";
import { LaneOrder } from "./lane-order.ts";
import type { RunParts } from "./parts.ts";
import { capabilitiesOf } from "./profile.ts";
import { publishBatch } from "./publish-batch.ts";

/** A memory transport whose deliveries, settlements and replies happen when the run chooses. */
export class SimTransport implements Transport {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly memory: MemoryTransport;
  readonly #owner: SimProcess;
  readonly #parts: RunParts;
  /** What to do about a process that dies while it sends. */
  readonly #crash: () => void;
  readonly #orders: LaneOrder[] = [];

  constructor(parts: RunParts, owner: SimProcess, crash: () => void) {
    this.memory = new MemoryTransport(parts.broker);
    this.name = parts.profile.name;
    this.capabilities = capabilitiesOf(parts.profile, this.memory.capabilities);
    this.#owner = owner;
    this.#parts = parts;
    this.#crash = crash;
  }

  /** Whether it belongs to a living process that has subscribed to something. */
  get isMember(): boolean {
    return this.#owner.isAlive && this.#orders.length > 0;
  }

  connect(signal: AbortSignal): Promise<void> {
    return this.memory.connect(signal);
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    return this.memory.provision(topology, mode);
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    if (!this.#owner.isAlive) return new Promise(() => undefined);
    return publishBatch(batch, {
      parts: this.#parts,
      owner: this.#owner,
      memory: this.memory,
      crash: this.#crash,
    });
  }

  refusalOf(message: WireMessage): PublishFailure | undefined {
    return this.memory.refusalOf(message);
  }

  async subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    const service = source.group;
    const order = new LaneOrder(this.#parts.agenda);
    this.#orders.push(order);
    const subscription = await this.memory.subscribe(
      source,
      (delivery) =>
        new Promise<Settlement>((settle) => {
          const { message } = delivery;
          const event: SimEvent = {
            kind: "deliver",
            owner: this.#owner,
            run: () => {
              order.next(delivery.lane, event);
              if (isLive(delivery)) this.#handle({ delivery, service, deliver, order }, settle);
            },
            lane: delivery.lane,
            giveBack: () => settle(RELEASE),
            describe: () => `${this.#owner.name} receives ${message.type ?? message.id}`,
          };
          order.add(delivery.lane, event);
        }),
      report,
    );
    return {
      credit: (window) => subscription.credit(window),
      drain: (deadline) => {
        this.#giveBackUnseen(order);
        return subscription.drain(deadline);
      },
    };
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    const { agenda, history } = this.#parts;
    const owner = this.#owner;
    return this.memory.openReplyInbox((message) => {
      const describe = (): string => `${owner.name} gets the reply ${message.type ?? message.id}`;
      const run = (): void => {
        history.tell({ who: owner.name, what: "gets the reply", message });
        runAs(owner, () => onReply(message));
      };
      agenda.add({ kind: "reply", owner, run, describe });
    });
  }

  onState(listener: (state: TransportState) => void): () => void {
    return this.memory.onState(listener);
  }

  depth(source: Source): Promise<Depth> {
    return this.memory.depth(source);
  }

  close(deadline: number): Promise<void> {
    this.giveBackUnseen();
    return this.memory.close(deadline);
  }

  /** The connection is lost: what is in hand is the broker's again, once it hears of it. */
  cut(hear?: (run: () => void) => void): void {
    this.#forgetDeliveries();
    this.memory.cut(this.#isCounted(), hear);
  }

  /** The process is gone. */
  crash(): void {
    this.#forgetDeliveries();
    this.memory.crash(this.#isCounted());
  }

  /** The broker shares out anew. */
  rebalance(): void {
    this.#forgetDeliveries();
    this.memory.rebalance(this.#isCounted());
  }

  giveBackUnseen(): void {
    for (const order of this.#orders) this.#giveBackUnseen(order);
  }

  /** Who stops may give back what is on its way to the handlers, or let them see it. */
  #giveBackUnseen(order: LaneOrder): void {
    if (order.isEmpty || this.#parts.random.next() < 0.5) return;
    for (const { giveBack } of order.takeAll()) giveBack?.();
  }

  /** What is given back keeps its place in its lane: what comes after it and is on its way may go back with it. */
  #giveBackLane(order: LaneOrder, lane: number | undefined): void {
    if (lane === undefined || this.#parts.random.next() < 0.5) return;
    for (const { giveBack } of order.takeLane(lane)) giveBack?.();
  }

  /** Of what nobody has seen nobody knows whether the broker had sent it, and so counted it. */
  #isCounted(): (delivery: Delivery) => boolean {
    const { broker, profile, random } = this.#parts;
    if (profile.broker.countsLosses === false) return () => false;
    const seen = new Set([...this.#owner.handlings].map(({ delivery }) => delivery));
    return (delivery) => (seen.has(delivery) || random.next() < 0.5) && broker.countsLoss();
  }

  /** What was delivered and has not begun is the broker's again: to be called before each fault that takes deliveries back. */
  #forgetDeliveries(): void {
    this.#parts.agenda.purge(this.#owner, ["deliver"]);
    for (const order of this.#orders) order.clear();
  }

  #handle(
    {
      delivery,
      service,
      deliver,
      order,
    }: { delivery: Delivery; service: string; deliver: Deliver; order: LaneOrder },
    settle: (settlement: Settlement) => void,
  ): void {
    const { clock, history } = this.#parts;
    const owner = this.#owner;
    const { message, attempt } = delivery;
    history.tell({
      who: owner.name,
      what: "receives",
      message,
      service,
      attempt,
      settlement: undefined,
      note: undefined,
    });
    const handling: Handling = {
      delivery,
      service,
      startedAt: clock.now(),
      isAnswered: false,
      isLive: true,
    };
    owner.handlings.add(handling);
    void runAs(owner, () => deliver(delivery)).then((settlement) =>
      this.#answer(handling, settlement, (last) => {
        if (last.type === "release") this.#giveBackLane(order, delivery.lane);
        settle(last);
      }),
    );
  }

  /** The handler has answered; the broker learns it in a step of its own, if nothing comes between. */
  #answer(handling: Handling, settlement: Settlement, settle: (settlement: Settlement) => void): void {
    const { agenda, history } = this.#parts;
    const owner = this.#owner;
    const { delivery, service } = handling;
    const { message, attempt } = delivery;
    const note = settlement.type === "retry" ? `in ${settlement.delayMs} ms` : undefined;
    const tell = (what: What, remark: string | undefined): void =>
      history.tell({
        who: owner.name,
        what,
        message,
        service,
        attempt,
        settlement: settlement.type,
        note: remark,
      });
    handling.isAnswered = true;
    tell("answers", note);
    const next = (run: () => void): void =>
      agenda.add({
        kind: "settle",
        owner,
        run,
        describe: () => `the broker learns what ${owner.name} did with ${message.type ?? message.id}`,
      });
    const conclude = (last: Settlement): void =>
      next(() => {
        owner.handlings.delete(handling);
        tell(isLive(delivery) ? "settled" : "settled in vain", undefined);
        settle(last);
      });
    if (!this.#isMoved(settlement)) return conclude(settlement);
    next(() => {
      this.memory.copy(delivery, settlement);
      conclude(ACK);
    });
  }

  /** Whether what becomes of a message is done in two steps. */
  #isMoved({ type }: Settlement): boolean {
    return this.#parts.profile.broker.movesInTwoSteps && (type === "retry" || type === "dead-letter");
  }
}

/** Whether the broker still waits for the answer: the memory transport's own mark. */
function isLive(delivery: Delivery): boolean {
  return !("isLive" in delivery) || delivery.isLive === true;
}
