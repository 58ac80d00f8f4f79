// #region config
import { defineConfig } from "@waybill/core";

/** Where it runs is configuration. `WAYBILL_TRANSPORT` wins; what is said to other brokers than the one that runs is ignored. */
export const config = defineConfig({
  transport: "memory:shop",
  timeouts: { request: "20s", stop: "20s" },
  rabbitmq: { heartbeatSeconds: 5 },
  nats: { heartbeatSeconds: 5 },
  onWarning: () => undefined,
});
// #endregion config
