import type { PublishResult, WireMessage } from "@waybill/core/transport";
import type { MemoryTransport } from "@waybill/memory";
import type { SimProcess } from "./process.ts";
import type { RunParts } from "./parts.ts";

interface Publishing {
  readonly parts: RunParts;
  readonly owner: SimProcess;
  readonly memory: MemoryTransport;
  readonly crash: () => void;
}

const NEVER: Promise<never> = new Promise(() => undefined);

/** Stores a batch with the faults of a send: the sender crashes half-way, the confirmation is lost, a message is stored twice. */
export function publishBatch(
  batch: readonly WireMessage[],
  publishing: Publishing,
): Promise<readonly PublishResult[]> {
  const { parts, owner, memory } = publishing;
  const { faults } = parts;
  if (!faults.isEmpty) {
    const torn = owner.isClient ? undefined : faults.opportunity("torn-publish");
    if (torn !== undefined) return publishTorn(batch, torn.pick % batch.length, publishing);
    if (faults.opportunity("lost-confirm") !== undefined) {
      parts.history.record({
        who: owner.name,
        what: "fault",
        note: "loses the confirmation of the messages that it sends",
      });
      memory.loseConfirms(batch.length);
    }
  }
  return memory.publish(batch).then((results) => recordAll(batch, results, publishing));
}

/** Stores the first messages only, and crashes the process. */
function publishTorn(
  batch: readonly WireMessage[],
  stored: number,
  publishing: Publishing,
): Promise<readonly PublishResult[]> {
  const { parts, owner, memory, crash } = publishing;
  const first = batch.slice(0, stored);
  void memory.publish(first).then((results) => recordAll(first, results, publishing));
  parts.history.record({
    who: owner.name,
    what: "fault",
    note: `crashes while it sends, after ${stored} of ${batch.length} messages`,
  });
  crash();
  return NEVER;
}

function recordAll(
  batch: readonly WireMessage[],
  results: readonly PublishResult[],
  { parts, owner }: Publishing,
): readonly PublishResult[] {
  const { history } = parts;
  for (const [at, message] of batch.entries()) {
    const result = results[at];
    const isStored = result !== undefined && (result.ok || result.error.maybeStored);
    const note = result?.ok === false ? result.error.message : undefined;
    history.record({
      who: owner.name,
      what: isStored ? "stored" : "not stored",
      message,
      service: undefined,
      attempt: undefined,
      settlement: undefined,
      note,
    });
    if (isStored && message.destination.kind !== "reply") duplicate(message, parts);
  }
  return results;
}

function duplicate(message: WireMessage, { broker, faults, history }: RunParts): void {
  if (faults.isEmpty || faults.opportunity("duplicate") === undefined) return;
  broker.store(message, true);
  history.record({ who: "broker", what: "fault", message, note: "stores a message a second time" });
}
