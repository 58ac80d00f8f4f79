import type { Transport } from "@waybill/core/transport";
import type { Faults } from "../harness.ts";
import type { ConfirmationRule } from "./confirmation-rule.ts";
import { type Address, TcpProxy } from "./tcp-proxy.ts";

/** The process of a broker, as whoever started it controls it. Each resolves when the broker takes connections again. */
export interface BrokerProcess {
  /** Stops in order, then starts again. */
  readonly restart?: () => Promise<void>;
  /** SIGKILL, then starts again. */
  readonly kill?: () => Promise<void>;
  /** SIGSTOP; resolves once it stands still. */
  readonly pause?: () => Promise<void>;
  /** SIGCONT. */
  readonly resume?: () => Promise<void>;
}

export interface NetworkOptions {
  /** Where the broker listens. */
  readonly broker: Address;
  /**
   * Makes a transport that reaches the broker at an address; not connected. A client that is told other addresses by the
   * broker (members of a cluster, advertised listeners) must be set up to use this one all the same, or it goes past its proxy.
   */
  readonly transport: (address: Address) => Transport;
  /** Absent for a broker that somebody else runs. */
  readonly process?: BrokerProcess;
  /**
   * How many bytes a confirmation has at least: more than anything a broker says unasked, such as a heartbeat.
   * 9 by default, which tells AMQP's frames and NATS' pings from answers.
   */
  readonly confirmBytes?: number;
  /**
   * Tells confirmations from other answers where their size does not do, for a client that asks for more than storing; a new one
   * for each confirmation that is lost.
   */
  readonly confirmations?: () => ConfirmationRule;
}

/** Transports with a way to the broker of their own each, and what can happen on these ways. */
export interface Network {
  /** A transport behind a proxy of its own. */
  transport(): Promise<Transport>;
  /** The proxy of a transport, for faults that only one adapter's tests need. */
  proxyOf(transport: Transport): TcpProxy;
  readonly faults: Faults;
  /** How many connections there are on all ways together. */
  readonly connections: () => number;
  /** How many bytes have passed on all ways together. */
  readonly traffic: () => number;
  /** Closes every proxy; transports should be closed before. */
  close(): Promise<void>;
}

/** Puts a proxy before every transport and makes the faults of a harness of it, and of the process of the broker. */
export function networkFaults(options: NetworkOptions): Network {
  const proxies = new Map<Transport, TcpProxy>();
  const proxyOf = (transport: Transport): TcpProxy => {
    const proxy = proxies.get(transport);
    if (proxy === undefined) throw new TypeError("This transport was not made by this world.");
    return proxy;
  };
  return {
    async transport() {
      const proxy = await TcpProxy.open(options.broker);
      const transport = options.transport(proxy.address);
      proxies.set(transport, proxy);
      return transport;
    },
    proxyOf,
    connections: () => [...proxies.values()].reduce((sum, proxy) => sum + proxy.connections, 0),
    traffic: () => [...proxies.values()].reduce((sum, proxy) => sum + proxy.traffic, 0),
    faults: {
      ...connectionFaults(proxyOf, options),
      ...processFaults(options.process ?? {}),
      async unreachable() {
        const address = await deadAddress(options.broker);
        return { transport: options.transport(address), address: `${address.host}:${address.port}` };
      },
    },
    async close() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}

type ConnectionFault = "cut" | "restore" | "reset" | "stall" | "resume" | "crash" | "loseConfirm";

function connectionFaults(
  proxyOf: (transport: Transport) => TcpProxy,
  { confirmBytes = 9, confirmations }: NetworkOptions,
): Required<Pick<Faults, ConnectionFault>> {
  return {
    cut: async (transport) => proxyOf(transport).cut(),
    restore: async (transport) => proxyOf(transport).restore(),
    reset: async (transport) => proxyOf(transport).reset(),
    stall: async (transport) => proxyOf(transport).stall(),
    resume: async (transport) => proxyOf(transport).resume(),
    async crash(transport) {
      // What a killed process leaves behind: its kernel resets what was open, and nobody calls again.
      proxyOf(transport).refuse();
      proxyOf(transport).reset();
    },
    async loseConfirm(transport) {
      const proxy = proxyOf(transport);
      // The broker has answered, so it has stored the message; the answer is gone with the connection.
      void proxy.hideReplies(confirmBytes, confirmations?.()).then(() => proxy.cut());
    },
  };
}

function processFaults({ restart, kill, pause, resume }: BrokerProcess): Faults {
  return {
    ...(restart && { restart }),
    ...(kill && { kill }),
    ...(pause && resume && { pause, unpause: resume }),
  };
}

/** An address of this machine where nothing listens: one that was free a moment ago. */
async function deadAddress(broker: Address): Promise<Address> {
  const proxy = await TcpProxy.open(broker);
  const { address } = proxy;
  await proxy.close();
  return address;
}
