import type { WireMessage, Topology } from "@waybill/core/transport";
import { Dedup } from "../publish/deduplication.ts";
import { History } from "./history.ts";
import type { Queue } from "../consume/queue.ts";

/** A stream of facts: a copy for each group, and the history where one is kept. */
export class Topic {
  readonly spec: Topology["topics"][number];
  readonly groups: Map<string, Queue> = new Map();
  readonly #history: History | undefined;

  #dedup: Dedup | undefined = undefined;

  constructor(spec: Topology["topics"][number]) {
    this.spec = spec;
    this.#history = spec.retainMs === undefined ? undefined : new History(spec.retainMs);
  }

  /** Made when it is first asked: not every broker recognises resends. */
  get dedup(): Dedup {
    return (this.#dedup ??= new Dedup());
  }

  get lanes(): number | undefined {
    return this.spec.lanes;
  }

  store(message: WireMessage, now: number): void {
    this.#history?.add(message, now);
    for (const queue of this.groups.values()) queue.append({ message, attempt: 1, position: 0 });
  }

  /** Adds a group; one from the beginning first gets all that is kept, in order. Nothing comes between: this runs at once. */
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
