import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { kafkaTransport } from "../src/index.ts";

/** The broker behind another address: it tells every client its own, and through a proxy goes who is told otherwise. */
export function transportAt(address: { readonly host: string; readonly port: number }): Transport {
  return kafkaTransport(
    { url: `kafka://${address.host}:${address.port}`, brokerAddress: () => address },
    systemEnvironment,
  );
}
