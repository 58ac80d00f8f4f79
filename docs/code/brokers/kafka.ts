import { createBus } from "@waybill/core";
// #region transport
import { kafkaTransport } from "@waybill/kafka";

const transport = kafkaTransport({
  url: "kafka+tls://kafka-a.internal:9093,kafka-b.internal:9093",
  sasl: {
    mechanism: "scram-sha-512",
    username: process.env["BROKER_USER"] ?? "shop",
    password: process.env["BROKER_PASSWORD"] ?? "",
  },
  clientId: "shop",
  partitions: 12, // for contracts without a key: at most 12 instances share the work
});
// #endregion transport
const bus = await createBus({ transport });
console.log(`transport: ${bus.explain().transport}`);
