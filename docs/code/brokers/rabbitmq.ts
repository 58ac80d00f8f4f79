import { createBus } from "@waybill/core";
// #region transport
import { rabbitmqTransport } from "@waybill/rabbitmq";

const transport = rabbitmqTransport({
  url: "amqps://broker-a.internal,broker-b.internal/shop",
  username: process.env["BROKER_USER"] ?? "shop",
  password: process.env["BROKER_PASSWORD"] ?? "",
  heartbeatSeconds: 10,
});
// #endregion transport
const bus = await createBus({ transport });
console.log(`transport: ${bus.explain().transport}`);
