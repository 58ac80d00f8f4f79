import { MessagingError, type Capabilities } from "@waybill/core/transport";
import type { BrokerProfile } from "@waybill/memory";
import type { FaultName } from "../faults/fault-name.ts";

export type ProfileName = "kafka" | "rabbitmq" | "nats" | "strictest";

/** What an application can notice of a broker. */
export interface Profile {
  readonly name: ProfileName;
  readonly broker: BrokerProfile;
  /** How often each fault is drawn, compared with the others: what is not named cannot happen on this broker. */
  readonly faults: Readonly<Partial<Record<FaultName, number>>>;
  /** What is due later is moved by members, and twice when one dies at that. */
  readonly membersForwardDueMessages: boolean;
}

/** What can happen to any process that speaks to any broker. */
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

/** What no profile differs in. */
const ALIKE = { movesInTwoSteps: true, laneMoveMs: 0, maxLatenessMs: 0 } as const;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /**
   * Partitions, one member each; offsets up to a watermark, with what is settled above it noted a little later; rebalances.
   * An idempotent producer, but resends of an application are new records.
   */
  kafka: {
    name: "kafka",
    broker: {
      ...ALIKE,
      recognisesResends: false,
      settles: "late",
      countsLosses: "at times",
      countsReleases: false,
    },
    faults: { ...ANYWHERE, duplicate: 1, rebalance: 3 },
    membersForwardDueMessages: true,
  },
  /** Quorum queues: each message settled by itself, lost members counted, before 4.3 what is given back too, resends stored again. */
  rabbitmq: {
    name: "rabbitmq",
    broker: {
      ...ALIKE,
      recognisesResends: false,
      settles: "each",
      countsLosses: true,
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, duplicate: 1, "lease-expiry": 1 },
    membersForwardDueMessages: false,
  },
  /** Each message settled by itself, leases that expire, resends recognised. */
  nats: {
    name: "nats",
    broker: {
      ...ALIKE,
      recognisesResends: true,
      settles: "each",
      countsLosses: true,
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, "lease-expiry": 3 },
    membersForwardDueMessages: false,
  },
  /** What an application must survive to run on any of them. */
  strictest: {
    name: "strictest",
    broker: {
      ...ALIKE,
      recognisesResends: false,
      settles: "watermark",
      countsLosses: "at times",
      countsReleases: "at times",
    },
    faults: { ...ANYWHERE, duplicate: 2, rebalance: 2, "lease-expiry": 2 },
    membersForwardDueMessages: true,
  },
};

/** @throws MessagingError `invalid-option` */
export function profileOf(name: ProfileName): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new MessagingError("invalid-option", {
    what: `There is no profile ${JSON.stringify(name)}.`,
    advice: `Use one of ${Object.keys(PROFILES).join(", ")}.`,
  });
}

/** What a transport of this profile says it can do. */
export function capabilitiesOf({ name, broker }: Profile, own: Capabilities): Capabilities {
  if (broker.recognisesResends) return own;
  const reason = `resends are stored again on ${name}`;
  return { ...own, dedup: { level: "none", reason, windowMs: 0 } };
}
