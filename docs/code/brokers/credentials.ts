import { createBus } from "@waybill/core";
// #region tls
import { rabbitmqTransport } from "@waybill/rabbitmq";

const transport = rabbitmqTransport({
  url: "amqps://broker-a.internal,broker-b.internal/shop?heartbeat=10",
  username: process.env["BROKER_USER"] ?? "shop",
  password: process.env["BROKER_PASSWORD"] ?? "", // from the environment, or read from a mounted file
  tls: {
    // ca: readFileSync("/run/secrets/ca.pem"), cert and key for a client's certificate
    servername: "broker.internal",
    rejectUnauthorized: true, // the default: the certificate is checked
  },
});
// #endregion tls
const bus = await createBus({ transport });
console.log(`transport: ${bus.explain().transport}`);

// #region wrong
try {
  rabbitmqTransport({ url: "amqps://shop:secret@broker.internal/shop?verify=perhaps" });
} catch (error) {
  console.log(error instanceof Error ? error.message : "");
}
// #endregion wrong
