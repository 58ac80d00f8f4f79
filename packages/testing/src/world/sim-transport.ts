import {
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
import type { SimEvent } from "./agenda.ts";
import { handleDelivery, isLive } from "./handle-delivery.ts";
import { runAs, type SimProcess } from "./process.ts";
import { LaneOrder } from "./lane-order.ts";
import type { RunParts } from "./parts.ts";
import { capabilitiesOf } from "./profile.ts";
import { publishBatch } from "./publish-batch.ts";

interface DeliverySteps {
  readonly order: LaneOrder;
  readonly handle: (delivery: Delivery, settle: (settlement: Settlement) => void) => void;
  readonly settle: (settlement: Settlement) => void;
}

/** A memory transport whose deliveries, settlements and replies are steps of a run, in the order that the schedule chooses. */
export class SimTransport implements Transport {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly memory: MemoryTransport;
  readonly #owner: SimProcess;
  readonly #parts: RunParts;
  /** Ends the process of this transport; called for a crash in the middle of a send. */
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

  /** Whether this transport has a subscription and its process is alive. */
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
    const handle = (delivery: Delivery, settle: (settlement: Settlement) => void): void =>
      handleDelivery(
        delivery,
        { parts: this.#parts, owner: this.#owner, memory: this.memory, service, deliver },
        (settlement) => {
          if (settlement.type === "release") this.#releaseLane(order, delivery.lane);
          settle(settlement);
        },
      );
    const subscription = await this.memory.subscribe(
      source,
      (delivery) => new Promise((settle) => this.#addDelivery(delivery, { order, handle, settle })),
      report,
    );
    return {
      credit: (window) => subscription.credit(window),
      drain: (deadline) => {
        this.#releaseUnseen(order);
        return subscription.drain(deadline);
      },
    };
  }

  #addDelivery(delivery: Delivery, { order, handle, settle }: DeliverySteps): void {
    const { message, lane } = delivery;
    const event: SimEvent = {
      kind: "deliver",
      owner: this.#owner,
      run: () => {
        order.next(lane, event);
        if (isLive(delivery)) handle(delivery, settle);
      },
      lane,
      release: () => settle(RELEASE),
      describe: () => `${this.#owner.name} receives ${message.type ?? message.id}`,
    };
    order.add(lane, event);
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    const { agenda, history } = this.#parts;
    const owner = this.#owner;
    return this.memory.openReplyInbox((message) => {
      const describe = (): string => `${owner.name} receives the reply ${message.type ?? message.id}`;
      const run = (): void => {
        history.record({ who: owner.name, what: "receives the reply", message });
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
    this.releaseUnseen();
    return this.memory.close(deadline);
  }

  /**
   * Cuts the connection. The broker takes the deliveries in flight back once it detects the loss.
   * @param detect runs the given function when the broker detects the loss; default: at once
   */
  cut(detect?: (run: () => void) => void): void {
    this.#forgetDeliveries();
    this.memory.cut(this.#isCounted(), detect);
  }

  /** Crashes the process: the broker takes its deliveries back. */
  crash(): void {
    this.#forgetDeliveries();
    this.memory.crash(this.#isCounted());
  }

  /** Rebalances: the broker takes the deliveries of this member back and assigns the lanes again. */
  rebalance(): void {
    this.#forgetDeliveries();
    this.memory.rebalance(this.#isCounted());
  }

  /** Releases, by chance, the deliveries that no handler has seen. */
  releaseUnseen(): void {
    for (const order of this.#orders) this.#releaseUnseen(order);
  }

  /** A member that stops may release the deliveries on their way to its handlers, or still handle them. */
  #releaseUnseen(order: LaneOrder): void {
    if (order.isEmpty || this.#parts.random.next() < 0.5) return;
    for (const { release } of order.takeAll()) release?.();
  }

  /** Releases by chance the deliveries behind a released one, which keeps its position in its lane. */
  #releaseLane(order: LaneOrder, lane: number | undefined): void {
    if (lane === undefined || this.#parts.random.next() < 0.5) return;
    for (const { release } of order.takeLane(lane)) release?.();
  }

  /**
   * Returns whether the broker counts the loss of a delivery. The broker may or may not have sent a delivery that no handler has
   * seen, so such a delivery is counted by chance.
   */
  #isCounted(): (delivery: Delivery) => boolean {
    const { broker, profile, random } = this.#parts;
    if (profile.broker.countsLosses === false) return () => false;
    const seen = new Set([...this.#owner.handlings].map(({ delivery }) => delivery));
    return (delivery) => (seen.has(delivery) || random.next() < 0.5) && broker.countsLoss();
  }

  /** Removes the deliveries that no handler has begun. Every fault that takes deliveries back calls this first. */
  #forgetDeliveries(): void {
    this.#parts.agenda.purge(this.#owner, ["deliver"]);
    for (const order of this.#orders) order.clear();
  }
}
