/** The entities that a set of services needs at the broker. Core has checked the names; the adapter derives further names. */
export interface Topology {
  readonly queues: readonly QueueSpec[];
  readonly topics: readonly TopicSpec[];
  readonly groups: readonly GroupSpec[];
  /** The services that consume; each has a destination for its dead letters. */
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
  /** How long the broker keeps history for later groups; absent: not at all. */
  readonly retainMs: number | undefined;
}

/** A durable subscription: it receives messages from its provisioning on, also while no member runs. */
export interface GroupSpec {
  readonly topic: string;
  readonly group: string;
  readonly lanes: number | undefined;
  /** Whether a new group starts with the next message, or with the oldest retained one. */
  readonly from: "latest" | "earliest";
}

/** One difference between the topology and the entities of the broker. */
export interface Drift {
  readonly kind: "missing" | "different" | "extra";
  /** The entity by the broker's own name, such as `queue warehouse.dispatch-product`. */
  readonly entity: string;
  /** The property that differs; absent for a missing or extra entity. */
  readonly property: string | undefined;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  /** A sentence that says what to do, if there is something better than to migrate the entity. */
  readonly advice?: string;
}
