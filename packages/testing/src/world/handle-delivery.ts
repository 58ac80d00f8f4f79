import { ACK, type Deliver, type Delivery, type Settlement } from "@waybill/core/transport";
import type { MemoryTransport } from "@waybill/memory";
import type { EventKind } from "../history/history-event.ts";
import type { Handling } from "./handling.ts";
import type { RunParts } from "./parts.ts";
import { runAs, type SimProcess } from "./process.ts";

interface DeliveryContext {
  readonly parts: RunParts;
  readonly owner: SimProcess;
  readonly memory: MemoryTransport;
  readonly service: string;
  readonly deliver: Deliver;
}

/** Runs the handler of a delivery, and passes its settlement to `settle` in a later step of the run. */
export function handleDelivery(
  delivery: Delivery,
  context: DeliveryContext,
  settle: (settlement: Settlement) => void,
): void {
  const { parts, owner, service, deliver } = context;
  const { message, attempt } = delivery;
  parts.history.record({ who: owner.name, what: "receives", message, service, attempt });
  const handling: Handling = { delivery, service, isAnswered: false };
  owner.handlings.add(handling);
  void runAs(owner, () => deliver(delivery)).then((settlement) => {
    handling.isAnswered = true;
    new PendingSettlement(handling, settlement, context).begin(settle);
  });
}

/** A settlement that the handler has returned and the broker has not received. A crash or a fault can come before it. */
class PendingSettlement {
  readonly #handling: Handling;
  readonly #settlement: Settlement;
  readonly #context: DeliveryContext;

  constructor(handling: Handling, settlement: Settlement, context: DeliveryContext) {
    this.#handling = handling;
    this.#settlement = settlement;
    this.#context = context;
  }

  /** Adds the step, or the two steps, in which the broker receives the settlement. */
  begin(settle: (settlement: Settlement) => void): void {
    const settlement = this.#settlement;
    this.#record("answers", settlement.type === "retry" ? `in ${settlement.delayMs} ms` : undefined);
    if (!this.#takesTwoSteps()) return this.#conclude(settlement, settle);
    this.#addStep(() => {
      this.#context.memory.copy(this.#handling.delivery, settlement);
      this.#conclude(ACK, settle);
    });
  }

  #conclude(last: Settlement, settle: (settlement: Settlement) => void): void {
    const handling = this.#handling;
    this.#addStep(() => {
      this.#context.owner.handlings.delete(handling);
      this.#record(isLive(handling.delivery) ? "settled" : "settlement ignored", undefined);
      settle(last);
    });
  }

  #addStep(run: () => void): void {
    const { parts, owner } = this.#context;
    const { message } = this.#handling.delivery;
    parts.agenda.add({
      kind: "settle",
      owner,
      run,
      describe: () =>
        `the broker receives the settlement of ${message.type ?? message.id} from ${owner.name}`,
    });
  }

  #record(what: EventKind, note: string | undefined): void {
    const { parts, owner, service } = this.#context;
    const { message, attempt } = this.#handling.delivery;
    const settlement = this.#settlement.type;
    parts.history.record({ who: owner.name, what, message, service, attempt, settlement, note });
  }

  /** Real adapters store the copy of a retried or dead-lettered message first and acknowledge the original second. */
  #takesTwoSteps(): boolean {
    const { type } = this.#settlement;
    return this.#context.parts.profile.broker.movesInTwoSteps && (type === "retry" || type === "dead-letter");
  }
}

/** Returns whether the broker still waits for the settlement; the memory transport marks its own deliveries. */
export function isLive(delivery: Delivery): boolean {
  return !("isLive" in delivery) || delivery.isLive === true;
}
