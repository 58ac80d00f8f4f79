/** Who does it: the broker, the adapter on top of it, or nobody. */
export type SupportLevel = "native" | "emulated" | "none";

export interface Capability {
  readonly level: SupportLevel;
  /** One sentence for people: how it is done, or why it cannot be. */
  readonly reason: string;
}

export interface DelayCapability extends Capability {
  /** The longest a message may come late because of the grid the delays lie on, in milliseconds. */
  readonly granularityMs: number;
  readonly longestMs: number;
}

/** What a connected broker can do: data, checked when a bus starts; what is `none` is refused by name. */
export interface Capabilities {
  /** A resolved publish survives a restart of the broker. `atRisk` says what can be lost although it was stored, and when. */
  readonly durable: Capability & { readonly atRisk?: string };
  /** A resend with the same id is stored once within the window. */
  readonly dedup: Capability & { readonly windowMs: number };
  /** Lanes: order and a single owner at a time. `unit` is the broker's word for a lane. */
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
  /** Late groups read what was retained. */
  readonly history: Capability;
  readonly requests: Capability;
  /** Body and headers together, in bytes. */
  readonly largestMessage: number;
}

/** The capabilities that are a {@link Capability}: those a route can need. */
export type CapabilityName = Exclude<keyof Capabilities, "largestMessage">;
