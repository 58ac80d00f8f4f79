import type { BrokerName } from "@waybill/brokers";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { kafkaConfirmations, type NetworkOptions } from "@waybill/conformance/proxy";
import { kafkaTransport } from "@waybill/kafka";
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
  readonly transport: (url: URL, address: { readonly host: string; readonly port: number }) => Transport;
  /** How its confirmations are told from other answers, where size alone does not do. */
  readonly network?: Pick<NetworkOptions, "confirmations">;
}

/** One line for each. */
export const BROKERS: readonly Compared[] = [
  {
    broker: "rabbitmq",
    profile: "rabbitmq",
    atOnce: 8,
    transport: ({ href }) => rabbitmqTransport({ url: href }, systemEnvironment),
  },
  {
    broker: "nats",
    profile: "nats",
    atOnce: 8,
    // A lease as short as it can be: what a dead member had in hand comes back when it is over.
    transport: ({ href }) =>
      natsTransport({ url: href, leaseSeconds: 1, heartbeatSeconds: 1 }, systemEnvironment),
  },
  {
    broker: "kafka",
    profile: "kafka",
    atOnce: 6,
    // The broker tells its own address: `brokerAddress` leads through the proxy all the same. A dead member is replaced after its session.
    transport: ({ href }, address) =>
      kafkaTransport(
        {
          url: href,
          brokerAddress: () => address,
          heartbeatMs: 1_000,
          sessionMs: 3_000,
          deliveryTimeoutMs: 3_000,
        },
        systemEnvironment,
      ),
    network: { confirmations: kafkaConfirmations },
  },
];
