import {
  STORED,
  type Cancel,
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
import { ownHeaders, systemEnvironment } from "@waybill/core/transport-kit";
import { type MemoryBroker, REPLY_PREFIX } from "./connection/broker.ts";
import { ConnectionState } from "./connection/connection-state.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { abortedError, closedError, otherLanes, secondOwner, unknownSource } from "./errors.ts";
import { limitFailure, refused } from "./publish/publish-failures.ts";
import { MemorySubscription, type LossDetection } from "./consume/subscription.ts";

/** The usual result of a batch of one message, shared to save an allocation for each message. */
const ONE_STORED: Promise<readonly PublishResult[]> = Promise.resolve([STORED]);

/** A hundred years: longer than any process runs. */
const FOREVER_MS = 100 * 365 * 86_400_000;

/** Returns whether a delivery that its member loses counts as an attempt. */
type IsCounted = (delivery: Delivery) => boolean;

const IMMEDIATELY: LossDetection = (run) => run();

/** A connection to a {@link MemoryBroker}, and the faults that tests and simulations inject into it. */
export class MemoryTransport implements Transport {
  readonly name = "memory";
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly #broker: MemoryBroker;
  readonly #state = new ConnectionState();
  readonly #subscriptions = new Set<MemorySubscription>();
  readonly #inboxes = new Set<string>();
  #confirmsToLose = 0;
  #stopWatching: () => void = () => undefined;
  #removeConnection: () => void = () => undefined;
  #releaseProcess: Cancel = () => undefined;
  #warn: (text: string) => void = () => undefined;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  connect(signal: AbortSignal, warn: (text: string) => void = () => undefined): Promise<void> {
    this.#warn = warn;
    if (this.#state.status === "closed") return Promise.reject(closedError());
    if (signal.aborted) return Promise.reject(abortedError(signal.reason));
    this.#stopWatching = this.#broker.onBlock(() => {
      if (this.#state.isOpen) this.#open();
    });
    this.#removeConnection = this.#broker.addConnection();
    const { clock } = this.#broker.environment;
    // A timer keeps the process alive until `close`, as the socket of a real connection does. Virtual clocks need none.
    if (clock === systemEnvironment.clock) this.#releaseProcess = clock.schedule(FOREVER_MS, () => undefined);
    this.#open();
    return Promise.resolve();
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    const error = this.#state.refusal();
    return error === undefined
      ? Promise.resolve(this.#broker.provision(topology, mode))
      : Promise.reject(error);
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const message = batch.length === 1 ? batch[0] : undefined;
    if (message === undefined) return Promise.resolve(batch.map((each) => this.#publish(each)));
    const result = this.#publish(message);
    return result === STORED ? ONE_STORED : Promise.resolve([result]);
  }

  refusalOf(message: WireMessage): PublishFailure | undefined {
    return limitFailure(message, this.#broker.environment.clock.now());
  }

  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    const error = this.#state.refusal();
    if (error !== undefined) return Promise.reject(error);
    const queue = this.#broker.queueOf(source);
    if (queue === undefined) return Promise.reject(unknownSource(source));
    if (source.kind !== "dead-letters" && queue.lanes !== source.lanes)
      return Promise.reject(otherLanes(source.name, [source.lanes, queue.lanes]));
    if (source.kind === "queue") {
      const other = queue.groups.find((group) => group !== source.group);
      if (other !== undefined) this.#warn(secondOwner(source.name, [other, source.group]));
    }
    const subscription = new MemorySubscription(queue, this.#broker, { source, deliver, report });
    this.#subscriptions.add(subscription);
    return Promise.resolve({
      credit: (window) => subscription.credit(window),
      drain: async (deadline) => {
        await subscription.drain(deadline);
        this.#subscriptions.delete(subscription);
      },
    });
  }

  openReplyInbox(onReply: (message: WireMessage) => void): Promise<ReplyInbox> {
    const error = this.#state.refusal();
    if (error !== undefined) return Promise.reject(error);
    const address = this.#broker.openInbox((message) => {
      if (this.#state.isOpen) onReply(message);
    });
    this.#inboxes.add(address);
    return Promise.resolve({
      address,
      close: () => {
        this.#broker.inboxes.delete(address);
        this.#inboxes.delete(address);
        return Promise.resolve();
      },
    });
  }

  takesReplies(address: string): boolean {
    return ownHeaders.isReplyAddress(address, REPLY_PREFIX);
  }

  onState(observer: (state: TransportState) => void): () => void {
    return this.#state.observe(observer);
  }

  depth(source: Source): Promise<Depth> {
    return Promise.resolve(this.#broker.depth(source));
  }

  async close(deadline: number): Promise<void> {
    if (this.#state.status === "closed") return;
    const subscriptions = [...this.#subscriptions];
    this.#end();
    await Promise.all(subscriptions.map((subscription) => subscription.drain(deadline)));
  }

  /**
   * Injects a fault: the connection is lost until `restore`. Once the broker detects the loss, it redelivers the
   * messages in flight. A redelivery counts as an attempt if `isCounted` returns true.
   */
  cut(isCounted: IsCounted = this.#countsLoss, onDetected: LossDetection = IMMEDIATELY): void {
    if (!this.#state.isOpen) return;
    this.#state.set("disconnected");
    for (const subscription of this.#subscriptions) subscription.lose(isCounted, onDetected);
  }

  /** Ends a `cut`. Subscriptions resume by themselves. */
  restore(): void {
    if (this.#state.status !== "disconnected") return;
    for (const subscription of this.#subscriptions) subscription.resume();
    this.#open();
  }

  /** Injects a fault: the lease of one delivery expires while its handler runs. The redelivery counts as an attempt. */
  expire(delivery: Delivery): void {
    for (const subscription of this.#subscriptions) subscription.takeBack(delivery);
  }

  /**
   * Injects a fault: the broker assigns the lanes and messages anew while the connection stays. It redelivers the
   * messages in flight; a redelivery counts as an attempt if `isCounted` returns true, which by default it never does.
   * Without a connection it does nothing.
   */
  rebalance(isCounted: IsCounted = () => false): void {
    if (!this.#state.isOpen) return;
    for (const subscription of this.#subscriptions) {
      subscription.lose(isCounted, IMMEDIATELY);
      subscription.resume();
    }
  }

  /**
   * Injects a fault: the process dies. The broker redelivers its messages in flight; a redelivery counts as an attempt
   * if `isCounted` returns true.
   */
  crash(isCounted: IsCounted = this.#countsLoss): void {
    for (const subscription of this.#subscriptions) {
      subscription.lose(isCounted, IMMEDIATELY);
      subscription.end();
    }
    this.#end();
  }

  /** Stores the retry or dead letter of a settlement without acknowledging the delivery: the first of two steps. */
  copy(delivery: Delivery, settlement: Settlement): void {
    for (const subscription of this.#subscriptions) subscription.copy(delivery, settlement);
  }

  /** Injects a fault: the broker stores the next `count` messages, but their confirmations are lost. */
  loseConfirms(count: number): void {
    this.#confirmsToLose = count;
  }

  readonly #countsLoss: IsCounted = () => this.#broker.countsLoss();

  #publish(message: WireMessage): PublishResult {
    switch (this.#state.status) {
      case "ready":
        break;
      case "blocked":
        return refused("blocked", "The memory broker accepts no messages at the moment.");
      case "closed":
        return refused("closed", "The memory transport is closed.");
      case "connecting":
      case "disconnected":
        return refused("disconnected", "There is no connection to the memory broker.");
    }
    const result = this.#broker.store(message);
    if (this.#confirmsToLose === 0 || !result.ok) return result;
    this.#confirmsToLose -= 1;
    return refused("disconnected", "The confirmation of the memory broker was lost.", true);
  }

  #open(): void {
    this.#state.set(this.#broker.isBlocked ? "blocked" : "ready");
  }

  #end(): void {
    this.#stopWatching();
    this.#removeConnection();
    this.#releaseProcess();
    for (const address of this.#inboxes) this.#broker.inboxes.delete(address);
    this.#inboxes.clear();
    this.#subscriptions.clear();
    this.#state.set("closed");
  }
}
