import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { BrokerAddress } from "@waybill/core/transport-kit";
import type { SaslOptions } from "../../options.ts";
import type { SocketTarget } from "./kafkajs.ts";

/** How every connection is made. */
export interface Wiring {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  /** What the client warns of. */
  readonly tell: (text: string) => void;
  /** Absent: without TLS. */
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  /** Where to connect to instead of the address that a broker is known by. */
  readonly via: ((address: BrokerAddress) => BrokerAddress) | undefined;
}

const KEEP_ALIVE_MS = 60_000;

export function openSocket({ host, port, onConnect }: SocketTarget, { tls, via }: Wiring): Socket {
  const address = via === undefined ? { host, port } : via({ host, port });
  const socket =
    tls === undefined
      ? connectTcp(address, onConnect)
      : connectTls({ ...address, ...(isIP(host) === 0 && { servername: host }), ...tls }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}
