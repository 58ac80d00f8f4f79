import type {
  Capabilities,
  Deliver,
  Delivery,
  Depth,
  Drift,
  PublishResult,
  ReplyInbox,
  Settlement,
  Source,
  Subscription,
  Topology,
  Transport,
  TransportState,
  WireMessage,
} from "@waybill/core/transport";
import { MemoryTransport } from "@waybill/memory";
import type { What } from "../history/happening.ts";
import type { Handling } from "./handling.ts";
import { runAs, type Incarnation } from "./incarnation.ts";
import { LaneOrder } from "./lane-order.ts";
import type { RunParts } from "./parts.ts";
import { capabilitiesOf } from "./profile.ts";
import { publishBatch } from "./publish-batch.ts";

/** A memory transport whose deliveries, settlements and replies happen when the run chooses. */
export class SimTransport implements Transport {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly memory: MemoryTransport;
  readonly #owner: Incarnation;
  readonly #parts: RunParts;
  /** What to do about a process that dies while it sends. */
  readonly #crash: () => void;
  readonly #orders: LaneOrder[] = [];

  constructor(parts: RunParts, owner: Incarnation, crash: () => void) {
    this.memory = new MemoryTransport(parts.broker);
    this.name = parts.profile.name;
    this.capabilities = capabilitiesOf(parts.profile, this.memory.capabilities);
    this.#owner = owner;
    this.#parts = parts;
    this.#crash = crash;
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

  subscribe(source: Source, deliver: Deliver): Promise<Subscription> {
    const service = source.group;
    const order = new LaneOrder(this.#parts.agenda);
    this.#orders.push(order);
    return this.memory.subscribe(
      source,
      (delivery) =>
        new Promise<Settlement>((settle) => {
          const { message } = delivery;
          order.add(delivery.lane, {
            kind: "deliver",
            owner: this.#owner,
            run: () => {
              order.next(delivery.lane);
              if (isLive(delivery)) this.#handle({ delivery, service, deliver }, settle);
            },
            describe: () => `${this.#owner.name} receives ${message.type ?? message.id}`,
          });
        }),
    );
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
    return this.memory.close(deadline);
  }

  /** What was delivered and has not begun is the broker's again: to be called before each fault that takes deliveries back. */
  forgetDeliveries(): void {
    this.#parts.agenda.purge(this.#owner, ["deliver"]);
    for (const order of this.#orders) order.clear();
  }

  #handle(
    { delivery, service, deliver }: { delivery: Delivery; service: string; deliver: Deliver },
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
      this.#answer(handling, settlement, settle),
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
    agenda.add({
      kind: "settle",
      owner,
      run: () => {
        owner.handlings.delete(handling);
        tell(isLive(delivery) ? "settled" : "settled in vain", undefined);
        settle(settlement);
      },
      describe: () => `the broker learns what ${owner.name} did with ${message.type ?? message.id}`,
    });
  }
}

/** Whether the broker still waits for the answer: the memory transport's own mark. */
function isLive(delivery: Delivery): boolean {
  return !("isLive" in delivery) || delivery.isLive === true;
}
