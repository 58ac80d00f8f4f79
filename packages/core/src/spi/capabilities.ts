/** The provider of a capability: the broker, the adapter on top of it, or nobody. */
export type SupportLevel = "native" | "emulated" | "none";

export interface Capability {
  readonly level: SupportLevel;
  /** A sentence for people: how the capability is provided, or why it is impossible. */
  readonly reason: string;
}

export interface DelayCapability extends Capability {
  /** The most milliseconds that a delivery may be late because of the granularity of delays. */
  readonly granularityMs: number;
  readonly longestMs: number;
}

/** The capabilities of a connected broker. A bus that needs a missing one is refused at its start, by name. */
export interface Capabilities {
  /** A stored message survives a restart of the broker. `atRisk` describes when a stored message can be lost all the same. */
  readonly durable: Capability & { readonly atRisk?: string };
  /** A message and its resend with the same id are stored once, within the window. */
  readonly dedup: Capability & { readonly windowMs: number };
  /** Lanes with order and one owner at a time. `unit` is the broker's word for a lane. */
  readonly order: Capability & { readonly unit: string; readonly mostLanes: number };
  /** Messages of a lane may be settled in any order. */
  readonly settleOutOfOrder: Capability;
  readonly deliverAt: DelayCapability;
  readonly retryDelay: DelayCapability;
  /** The attempt count survives crashes, restarts and other instances. */
  readonly attempts: Capability;
  /** `release` counts no attempt. */
  readonly freeRelease: Capability;
  readonly deadLetters: Capability;
  /** Later groups read the retained history. */
  readonly history: Capability;
  readonly requests: Capability;
  /** Body and headers together, in bytes. */
  readonly largestMessage: number;
}

/** The names of the capabilities that a route can need. */
export type CapabilityName = Exclude<keyof Capabilities, "largestMessage">;
