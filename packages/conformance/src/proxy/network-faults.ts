import type { Transport } from "@waybill/core/transport";
import type { Faults } from "../harness.ts";
import type { ConfirmationRule } from "./confirmation-rule.ts";
import { type Address, TcpProxy } from "./tcp-proxy.ts";

/** The control functions of a broker process. Each resolves when the broker accepts connections again, `pause` once it is frozen. */
export interface BrokerProcess {
  /** Stops in order, then starts again. */
  readonly restart?: () => Promise<void>;
  /** SIGKILL, then starts again. */
  readonly kill?: () => Promise<void>;
  /** SIGSTOP; resolves once the process is frozen. */
  readonly pause?: () => Promise<void>;
  /** SIGCONT. */
  readonly resume?: () => Promise<void>;
}

export interface NetworkOptions {
  /** The address of the broker. */
  readonly broker: Address;
  /**
   * Creates a transport that reaches the broker at an address; it is not connected. A client that learns other addresses
   * from the broker (cluster nodes, advertised listeners) must be configured to use this one, or it bypasses its proxy.
   */
  readonly transport: (address: Address) => Transport;
  /** Absent for a broker that the test does not control. */
  readonly process?: BrokerProcess;
  /**
   * The least number of bytes of a confirmation: more than any message that the broker sends unasked, such as a
   * heartbeat. 9 by default, more than the heartbeats of AMQP and NATS.
   */
  readonly confirmBytes?: number;
  /**
   * Creates a rule that recognises confirmations where their size is not enough, for a client that also sends other
   * requests. Called for each confirmation to lose.
   */
  readonly confirmations?: () => ConfirmationRule;
}

/** Transports that each have a proxy of their own, and the faults of these proxies. */
export interface Network {
  /** Creates a transport behind a new proxy. */
  transport(): Promise<Transport>;
  /** Returns the proxy of a transport, for faults that only one adapter's tests need. */
  proxyOf(transport: Transport): TcpProxy;
  readonly faults: Faults;
  /** Returns the number of connections through all proxies. */
  readonly connections: () => number;
  /** Returns the number of bytes that have passed through all proxies. */
  readonly traffic: () => number;
  /** Closes every proxy. Close the transports first. */
  close(): Promise<void>;
}

/** Puts a proxy in front of every transport and returns the faults of the proxies and of the broker process. */
export function networkFaults(options: NetworkOptions): Network {
  const proxies = new Map<Transport, TcpProxy>();
  const proxyOf = (transport: Transport): TcpProxy => {
    const proxy = proxies.get(transport);
    if (proxy === undefined)
      throw new TypeError(
        "This transport was not created by this world. Pass a transport that its transport() returned.",
      );
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
      // As after a killed process: the kernel resets its connections, and no new one is opened.
      proxyOf(transport).refuse();
      proxyOf(transport).reset();
    },
    async loseConfirm(transport) {
      const proxy = proxyOf(transport);
      // The broker has confirmed and so has stored the message; the confirmation is lost with the connection.
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

/** Returns an address of this machine where nothing listens: a port that was just released. */
async function deadAddress(broker: Address): Promise<Address> {
  const proxy = await TcpProxy.open(broker);
  const { address } = proxy;
  await proxy.close();
  return address;
}
