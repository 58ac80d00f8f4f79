/** Worlds with real brokers and network faults. This entry point needs Node.js sockets; the suite itself does not. */
export { TcpProxy, type Address } from "./tcp-proxy.ts";
export type { Direction } from "./direction-faults.ts";
export { networkFaults, type BrokerProcess, type Network, type NetworkOptions } from "./network-faults.ts";
export { realWorld, type RealWorldOptions } from "./real-world.ts";
export type { ConfirmationRule } from "./confirmation-rule.ts";
export { kafkaConfirmations } from "./kafka-confirmations.ts";
