import type { BrokerName } from "@waybill/brokers";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { kafkaConfirmations, type NetworkOptions } from "@waybill/conformance/proxy";
import { kafkaTransport } from "@waybill/kafka";
import { natsTransport } from "@waybill/nats";
import { rabbitmqTransport } from "@waybill/rabbitmq";
import type { ProfileName } from "@waybill/testing/model";

/** A real broker and the profile that models it. */
export interface ComparedBroker {
  readonly broker: BrokerName;
  readonly profile: ProfileName;
  /** How many sequences run at a time. */
  readonly concurrency: number;
  /** Creates a transport that connects to the address, with the credentials and options of the URL. */
  readonly transport: (url: URL, address: { readonly host: string; readonly port: number }) => Transport;
  /** Recognises publish confirmations where their size is not enough. */
  readonly network?: Pick<NetworkOptions, "confirmations">;
}

/** All brokers that have a profile. */
export const BROKERS: readonly ComparedBroker[] = [
  {
    broker: "rabbitmq",
    profile: "rabbitmq",
    concurrency: 8,
    transport: ({ href }) => rabbitmqTransport({ url: href }, systemEnvironment),
  },
  {
    broker: "nats",
    profile: "nats",
    concurrency: 8,
    // The shortest lease: the broker redelivers the messages of a crashed member when the lease expires.
    transport: ({ href }) =>
      natsTransport({ url: href, leaseSeconds: 1, heartbeatSeconds: 1 }, systemEnvironment),
  },
  {
    broker: "kafka",
    profile: "kafka",
    concurrency: 6,
    // The broker advertises its own address; `brokerAddress` replaces it by the proxy's.
    // The group replaces a crashed member after its session.
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
