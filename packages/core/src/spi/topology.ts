/** What a set of services needs a broker to have. Names have passed core's checks; derived names are the adapter's. */
export interface Topology {
  readonly queues: readonly QueueSpec[];
  readonly topics: readonly TopicSpec[];
  readonly groups: readonly GroupSpec[];
  /** The services that consume: each has a place for its dead letters. */
  readonly services: readonly string[];
}

export interface QueueSpec {
  readonly name: string;
  /** Absent: one unordered queue. */
  readonly lanes: number | undefined;
}

export interface TopicSpec {
  readonly name: string;
  readonly lanes: number | undefined;
  /** How long history is kept for later groups; absent: not at all. */
  readonly retainMs: number | undefined;
}

/** A durable subscription: it receives from its provisioning on, also while nobody runs it. */
export interface GroupSpec {
  readonly topic: string;
  readonly group: string;
  readonly lanes: number | undefined;
  /** A new group starts with what is published from now on, or with all that is retained, in order. */
  readonly from: "latest" | "earliest";
}

/** One difference between what is wanted and what the broker has. */
export interface Drift {
  readonly kind: "missing" | "different" | "extra";
  /** The entity by the broker's own name: `queue warehouse.dispatch-product`. */
  readonly entity: string;
  /** Which property differs; absent for a missing or extra entity. */
  readonly property: string | undefined;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  /** What to do about it, where the adapter knows better than to migrate the entity. A sentence. */
  readonly advice?: string;
}
