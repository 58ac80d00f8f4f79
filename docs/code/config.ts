// #region define
import { defineConfig, fromEnv, fromFile, type Config } from "@waybill/core";

const shop: Config = {
  transport: "memory:",
  timeouts: { request: "10s", stop: "20s" },
  environments: {
    production: {
      transport: "amqps://broker-a.internal,broker-b.internal/shop",
      provision: "verify",
      rabbitmq: {
        username: fromEnv("BROKER_USER"),
        password: fromFile("/run/secrets/broker-password"),
      },
    },
  },
};
export const config = defineConfig(shop);
// #endregion define
console.log(`here: ${String(config.transport)}, provision ${config.provision ?? "apply"}`);

// #region environment
const production = defineConfig(shop, "production"); // overrides WAYBILL_ENV and NODE_ENV
console.log("in production:", production.rabbitmq, production.timeouts);
// #endregion environment

// #region mistakes
try {
  defineConfig({ timeouts: { stop: -1 }, environments: { test: { recovery: { immediate: -1 } } } });
} catch (error) {
  console.log(error instanceof Error ? error.message : "");
}
// #endregion mistakes
