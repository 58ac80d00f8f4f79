import { createBus } from "@waybill/core";
// #region transport
import { natsTransport } from "@waybill/nats";

const transport = natsTransport({
  url: "tls://nats-a.internal,nats-b.internal,nats-c.internal",
  username: process.env["BROKER_USER"] ?? "shop",
  password: process.env["BROKER_PASSWORD"] ?? "",
  // credentials: readFileSync("/run/secrets/shop.creds", "utf8"), or nkeySeed, or token
  replicas: 3, // of every stream that the adapter creates
});
// #endregion transport
const bus = await createBus({ transport });
console.log(`transport: ${bus.explain().transport}`);
