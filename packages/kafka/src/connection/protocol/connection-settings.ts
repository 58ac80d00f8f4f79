import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { BrokerAddress } from "@waybill/core/transport-kit";
import type { SaslOptions } from "../../options.ts";
import type { SocketTarget } from "./kafkajs.ts";

/** The settings of all connections. */
export interface ConnectionSettings {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  /** Takes the warnings of kafkajs. */
  readonly warn: (text: string) => void;
  /** Absent for connections without TLS. */
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  /** Maps the address that a broker advertises to the address to connect to. */
  readonly brokerAddress: ((address: BrokerAddress) => BrokerAddress) | undefined;
}

const KEEP_ALIVE_MS = 60_000;

/** Opens a socket to a broker, over TLS if the settings have it. */
export function openSocket(
  { host, port, onConnect }: SocketTarget,
  { tls, brokerAddress }: ConnectionSettings,
): Socket {
  const address = brokerAddress === undefined ? { host, port } : brokerAddress({ host, port });
  const socket =
    tls === undefined
      ? connectTcp(address, onConnect)
      : connectTls({ ...address, ...(isIP(host) === 0 && { servername: host }), ...tls }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}
