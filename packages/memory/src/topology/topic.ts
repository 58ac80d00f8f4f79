import type { WireMessage, Topology } from "@waybill/core/transport";
import { Deduplication } from "../publish/deduplication.ts";
import { History } from "./history.ts";
import type { Queue } from "../consume/queue.ts";

/** A topic: a queue for each group, and the history if the topic retains messages. */
export class Topic {
  readonly spec: Topology["topics"][number];
  readonly groups: Map<string, Queue> = new Map();
  readonly #history: History | undefined;

  #deduplication: Deduplication | undefined = undefined;

  constructor(spec: Topology["topics"][number]) {
    this.spec = spec;
    this.#history = spec.retainMs === undefined ? undefined : new History(spec.retainMs);
  }

  /** Created on first use, because not every broker deduplicates. */
  get deduplication(): Deduplication {
    return (this.#deduplication ??= new Deduplication());
  }

  get lanes(): number | undefined {
    return this.spec.lanes;
  }

  store(message: WireMessage, now: number): void {
    this.#history?.add(message, now);
    for (const queue of this.groups.values()) queue.append({ message, attempt: 1, position: 0 });
  }

  /** Adds a group. A group that starts at the earliest message first receives the history, in order and without a gap. */
  addGroup(
    name: string,
    queue: Queue,
    { from, now }: { readonly from: "latest" | "earliest"; readonly now: number },
  ): void {
    if (from === "earliest")
      for (const message of this.#history?.messages(now) ?? [])
        queue.append({ message, attempt: 1, position: 0 });
    this.groups.set(name, queue);
  }
}
