import type { BrokerName } from "@waybill/brokers";
import { systemGround, type Transport } from "@waybill/core/transport";
import { natsTransport } from "@waybill/nats";
import { rabbitmqTransport } from "@waybill/rabbitmq";
import type { ProfileName } from "@waybill/testing/model";

/** A real broker, and the profile that stands for it. */
export interface Compared {
  readonly broker: BrokerName;
  readonly profile: ProfileName;
  /** How many sequences are played at a time. */
  readonly atOnce: number;
  /** As the adapter reaches it at an address, with what else its URL says. */
  readonly transport: (url: URL) => Transport;
}

/** One line for each. */
export const BROKERS: readonly Compared[] = [
  {
    broker: "rabbitmq",
    profile: "rabbitmq",
    atOnce: 8,
    transport: ({ href }) => rabbitmqTransport({ url: href }, systemGround),
  },
  {
    broker: "nats",
    profile: "nats",
    atOnce: 8,
    // A lease as short as it can be: what a dead member had in hand comes back when it is over.
    transport: ({ href }) => natsTransport({ url: href, leaseSeconds: 1, heartbeatSeconds: 1 }, systemGround),
  },
];
