import {
  MessagingError,
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
import { ownHeaders, provisioning, systemEnvironment } from "@waybill/core/transport-kit";
import { excessOf } from "./publish/limits.ts";
import { type MemoryBroker, REPLY_PREFIX } from "./connection/broker.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { refused } from "./publish/publish-failures.ts";
import { MemorySubscription, type Hearing } from "./consume/subscription.ts";

/** The usual answer to the usual batch: nothing to make anew for each message. */
const ONE_STORED: Promise<readonly PublishResult[]> = Promise.resolve([STORED]);

/** Longer than any process lives. */
const A_LIFETIME_MS = 100 * 365 * 86_400_000;

type Status = TransportState["status"];

/** Whether a delivery that is lost with its member counts as an attempt. */
type IsCounted = (delivery: Delivery) => boolean;

const AT_ONCE: Hearing = (run) => run();

/** One connection to a {@link MemoryBroker}, and the faults a connection can have. */
export class MemoryTransport implements Transport {
  readonly name = "memory";
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly #broker: MemoryBroker;
  readonly #listeners = new Set<(state: TransportState) => void>();
  readonly #subscriptions = new Set<MemorySubscription>();
  readonly #inboxes = new Set<string>();
  #status: Status = "connecting";
  #confirmsToLose = 0;
  #stopWatching: () => void = () => undefined;
  #leave: () => void = () => undefined;
  #letGo: Cancel = () => undefined;
  #tell: (notice: string) => void = () => undefined;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  connect(signal: AbortSignal, tell: (notice: string) => void = () => undefined): Promise<void> {
    this.#tell = tell;
    if (this.#status === "closed") return Promise.reject(closed());
    if (signal.aborted)
      return Promise.reject(
        new MessagingError("connect-failed", {
          what: "The connection to the memory broker was given up.",
          advice: "Nothing is connected; make a new transport to try again.",
          cause: signal.reason,
        }),
      );
    this.#stopWatching = this.#broker.onBlock(() => {
      if (this.#status === "ready" || this.#status === "blocked") this.#become(this.#openStatus());
    });
    this.#leave = this.#broker.enter();
    const { clock } = this.#broker.environment;
    // As a connection would, it keeps the process alive until it is closed. A clock of a test does not.
    if (clock === systemEnvironment.clock) this.#letGo = clock.schedule(A_LIFETIME_MS, () => undefined);
    this.#become(this.#openStatus());
    return Promise.resolve();
  }

  provision(topology: Topology, mode: "apply" | "verify"): Promise<readonly Drift[]> {
    const error = this.#away();
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
    return excessOf(message, this.#broker.environment.clock.now());
  }

  subscribe(source: Source, deliver: Deliver, report?: Report): Promise<Subscription> {
    const error = this.#away();
    if (error !== undefined) return Promise.reject(error);
    const queue = this.#broker.queueOf(source);
    if (queue === undefined) return Promise.reject(unknownSource(source));
    if (source.kind !== "dead-letters" && queue.lanes !== source.lanes)
      return Promise.reject(otherLanes(source.name, [source.lanes, queue.lanes]));
    if (source.kind === "queue") {
      const other = queue.groups.find((group) => group !== source.group);
      if (other !== undefined) this.#tell(secondOwner(source.name, [other, source.group]));
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
    const error = this.#away();
    if (error !== undefined) return Promise.reject(error);
    const address = this.#broker.openInbox((message) => {
      if (this.#status === "ready" || this.#status === "blocked") onReply(message);
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

  onState(listener: (state: TransportState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state());
    return () => void this.#listeners.delete(listener);
  }

  depth(source: Source): Promise<Depth> {
    return Promise.resolve(this.#broker.depth(source));
  }

  async close(deadline: number): Promise<void> {
    if (this.#status === "closed") return;
    const subscriptions = [...this.#subscriptions];
    this.#end();
    await Promise.all(subscriptions.map((subscription) => subscription.drain(deadline)));
  }

  /**
   * A fault: the connection is lost until `restore`. What is held goes back to the broker once it hears of that, as one
   * attempt more where it counts that.
   */
  cut(isCounted: IsCounted = this.#countsLoss, hear: Hearing = AT_ONCE): void {
    if (this.#status !== "ready" && this.#status !== "blocked") return;
    this.#become("disconnected");
    for (const subscription of this.#subscriptions) subscription.lose(isCounted, hear);
  }

  /** Ends a `cut`: subscriptions resume by themselves. */
  restore(): void {
    if (this.#status !== "disconnected") return;
    for (const subscription of this.#subscriptions) subscription.resume();
    this.#become(this.#openStatus());
  }

  /** A fault: the broker takes one delivery back while its handler still runs, as one attempt more. */
  expire(delivery: Delivery): void {
    for (const subscription of this.#subscriptions) subscription.takeBack(delivery);
  }

  /** A fault: the broker shares out the work anew. What is held goes back, uncounted unless told otherwise, and the connection stays; without one there is no share. */
  rebalance(isCounted: IsCounted = () => false): void {
    if (this.#away() !== undefined) return;
    for (const subscription of this.#subscriptions) {
      subscription.lose(isCounted, AT_ONCE);
      subscription.resume();
    }
  }

  /** A fault: the process is gone, without a word. What it held goes back to the broker, as one attempt more where it counts that. */
  crash(isCounted: IsCounted = this.#countsLoss): void {
    for (const subscription of this.#subscriptions) {
      subscription.lose(isCounted, AT_ONCE);
      subscription.end();
    }
    this.#end();
  }

  /** The first of two steps: what a settlement moves elsewhere is stored there; to acknowledge the delivery is the second. */
  copy(delivery: Delivery, settlement: Settlement): void {
    for (const subscription of this.#subscriptions) subscription.copy(delivery, settlement);
  }

  /** A fault: the next messages are stored, but their publisher is told that the connection was lost. */
  loseConfirms(count: number): void {
    this.#confirmsToLose = count;
  }

  readonly #countsLoss: IsCounted = () => this.#broker.countsLoss();

  #publish(message: WireMessage): PublishResult {
    switch (this.#status) {
      case "ready":
        break;
      case "blocked":
        return refused("blocked", "The broker is blocked.");
      case "closed":
        return refused("closed", "The transport is closed.");
      case "connecting":
      case "disconnected":
        return refused("disconnected", "There is no connection.");
    }
    const result = this.#broker.store(message);
    if (this.#confirmsToLose === 0 || !result.ok) return result;
    this.#confirmsToLose -= 1;
    return refused("disconnected", "The confirmation was lost.", true);
  }

  #openStatus(): Status {
    return this.#broker.isBlocked ? "blocked" : "ready";
  }

  #end(): void {
    this.#stopWatching();
    this.#leave();
    this.#letGo();
    for (const address of this.#inboxes) this.#broker.inboxes.delete(address);
    this.#inboxes.clear();
    this.#subscriptions.clear();
    this.#become("closed");
    this.#listeners.clear();
  }

  #become(status: Status): void {
    if (this.#status === status) return;
    this.#status = status;
    for (const listener of [...this.#listeners]) listener(this.#state());
  }

  #state(): TransportState {
    return {
      status: this.#status,
      reason: this.#status === "blocked" ? "the broker stores nothing" : undefined,
    };
  }

  #away(): MessagingError | undefined {
    if (this.#status === "ready" || this.#status === "blocked") return undefined;
    return this.#status === "closed" ? closed() : disconnected();
  }
}

function closed(): MessagingError {
  return new MessagingError("closed", { what: "The memory transport is closed.", advice: "Make a new one." });
}

function disconnected(): MessagingError {
  return new MessagingError("disconnected", {
    what: "There is no connection to the memory broker.",
    advice: "Wait until it is ready.",
  });
}

function secondOwner(queue: string, [first, second]: readonly [string, string]): string {
  return `Two services own queue ${queue}: ${first} and ${second}. Each command goes to one of them. Handle it in one service, or make it an event.`;
}

function unknownSource(source: Source): MessagingError {
  const name =
    source.kind === "dead-letters"
      ? `dead letters of ${source.group}`
      : `${source.kind} ${source.name} for ${source.group}`;
  return provisioning.unknownSource("The memory broker", name);
}

function otherLanes(name: string, [wanted, found]: readonly (number | undefined)[]): MessagingError {
  return new MessagingError("unroutable", {
    what: `${name} has ${found ?? "no"} lanes, not ${wanted ?? "none"}.`,
    advice: "Correct the contract, or provision the destination anew.",
  });
}
