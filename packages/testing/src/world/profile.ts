import { MessagingError, type Capabilities } from "@waybill/core/transport";
import type { BrokerProfile } from "@waybill/memory";
import type { FaultName } from "../faults/fault-name.ts";

export type ProfileName = "kafka" | "rabbitmq" | "nats" | "strictest";

/** The behaviour of a broker that an application can observe. */
export interface Profile {
  readonly name: ProfileName;
  readonly broker: BrokerProfile;
  /** The relative frequency of each fault; other faults cannot happen on this broker. */
  readonly faults: Readonly<Partial<Record<FaultName, number>>>;
  /** Whether members forward delayed messages when they are due; a message comes twice if its member crashes meanwhile. */
  readonly membersForwardDueMessages: boolean;
}

/** The faults that can happen with every broker. */
const ANYWHERE = {
  crash: 4,
  "torn-publish": 2,
  disconnect: 2,
  "lost-confirm": 2,
  delay: 2,
  stall: 1,
  "early-timer": 2,
  "broker-restart": 1,
  "call-fails": 2,
  "answer-lost": 2,
} as const;

/** The behaviour that all profiles share. */
const COMMON = { movesInTwoSteps: true, laneMoveMs: 0, maxLatenessMs: 0 } as const;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /**
   * Partitions with one member each; committed offsets up to a watermark, and settlements above it recorded a little later;
   * rebalances. The producer is idempotent, but a resend of the application is a new record.
   */
  kafka: {
    name: "kafka",
    broker: {
      ...COMMON,
      recognisesResends: false,
      settles: "late",
      countsLosses: "at times",
      countsReleases: false,
    },
    faults: { ...ANYWHERE, duplicate: 1, rebalance: 3 },
    membersForwardDueMessages: true,
  },
  /**
   * Quorum queues: each message is settled alone, the delivery count includes lost members and, before 4.3, releases; the
   * broker stores a resend again.
   */
  rabbitmq: {
    name: "rabbitmq",
    broker: {
      ...COMMON,
      recognisesResends: false,
      settles: "each",
      countsLosses: true,
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, duplicate: 1, "lease-expiry": 1 },
    membersForwardDueMessages: false,
  },
  /** Streams: each message is settled alone, leases expire, the broker recognises a resend. */
  nats: {
    name: "nats",
    broker: {
      ...COMMON,
      recognisesResends: true,
      settles: "each",
      countsLosses: true,
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, "lease-expiry": 3 },
    membersForwardDueMessages: false,
  },
  /** All behaviour that an application must survive to run on every broker. */
  strictest: {
    name: "strictest",
    broker: {
      ...COMMON,
      recognisesResends: false,
      settles: "watermark",
      countsLosses: "at times",
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, duplicate: 2, rebalance: 2, "lease-expiry": 2 },
    membersForwardDueMessages: true,
  },
};

/**
 * Returns the profile of a name.
 * @throws MessagingError `invalid-option` for an unknown name
 */
export function profileOf(name: ProfileName): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new MessagingError("invalid-option", {
    what: `Unknown profile ${JSON.stringify(name)}.`,
    advice: `Use one of ${Object.keys(PROFILES).join(", ")}.`,
  });
}

/** Returns the capabilities of a transport with this profile. */
export function capabilitiesOf({ name, broker }: Profile, own: Capabilities): Capabilities {
  if (broker.recognisesResends) return own;
  const reason = `${name} stores a resend again`;
  return { ...own, dedup: { level: "none", reason, windowMs: 0 } };
}
