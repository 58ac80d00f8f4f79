// #region config
import { defineConfig } from "@waybill/core";

/** The configuration for all brokers. `WAYBILL_TRANSPORT` selects the broker; the options of the other brokers are ignored. */
export const config = defineConfig({
  transport: "memory:shop",
  timeouts: { request: "20s", stop: "20s" },
  rabbitmq: { heartbeatSeconds: 5 },
  nats: { heartbeatSeconds: 5 },
  onWarning: () => undefined,
});
// #endregion config
