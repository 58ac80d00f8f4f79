import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { kafkaTransport } from "../src/index.ts";

/** Returns a transport that reaches the broker at another address than the one it advertises, such as a proxy. */
export function transportAt(address: { readonly host: string; readonly port: number }): Transport {
  return kafkaTransport(
    { url: `kafka://${address.host}:${address.port}`, brokerAddress: () => address },
    systemEnvironment,
  );
}
