import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import {
  connect,
  errors,
  type ConnectionOptions as ClientOptions,
  type NatsConnection,
} from "@nats-io/transport-node";
import { describeThrown } from "@waybill/core/transport-kit";
import type { Random } from "@waybill/core/transport";

/** The most remembered addresses besides those of the URL. A cluster has fewer servers, but one that replaces its machines announces new addresses for ever. */
const MOST_LEARNED = 100;

/** The known servers: those of the URL and those that they announce, with the host name that each certificate may carry. */
export class Servers {
  readonly #random: Random;
  /** By address: the host name of the server that announced it; undefined for an address of the URL. */
  readonly #known: Map<string, string | undefined>;
  /** The addresses of the URL, which are never forgotten. */
  readonly #own: ReadonlySet<string>;
  readonly #most: number;
  /** The address of the last connection. */
  #reached = "";

  constructor(addresses: readonly string[], random: Random) {
    this.#random = random;
    this.#own = new Set(addresses);
    this.#most = addresses.length + MOST_LEARNED;
    this.#known = new Map(addresses.map((address) => [address, undefined]));
  }

  /**
   * Connects to the first server that accepts; tries each once, in random order. Each try passes one address to the client,
   * because the client does not report which of several it is about to trust.
   * @throws Error with the reasons of all servers
   */
  async connect(options: ClientOptions): Promise<NatsConnection> {
    const reasons = new Map<string, unknown>();
    for (const address of this.#shuffled()) {
      try {
        const nc = await connectTo({ address, name: this.#known.get(address) }, options);
        this.#reached = address;
        this.learn(nc.info?.connect_urls ?? []);
        return nc;
      } catch (error) {
        reasons.set(describeThrown(error), error);
      }
    }
    const [first] = reasons.values();
    throw reasons.size === 1 ? first : new AggregateError(reasons.values(), [...reasons.keys()].join("; "));
  }

  /** Adds announced addresses. Servers announce IP addresses, which few certificates contain, so the host name of the announcing server is accepted too. */
  learn(addresses: readonly string[]): void {
    const host = hostOf(this.#reached);
    const name = isIP(host) === 0 ? host : this.#known.get(this.#reached);
    for (const address of addresses) {
      if (this.#known.has(address)) continue;
      if (this.#known.size >= this.#most) this.#forgetOldest();
      this.#known.set(address, name);
    }
  }

  /** Forgets the oldest announced address, except the one in use. */
  #forgetOldest(): void {
    for (const address of this.#known.keys()) {
      if (this.#own.has(address) || address === this.#reached) continue;
      this.#known.delete(address);
      return;
    }
  }

  /** How many addresses are known; for tests. */
  get size(): number {
    return this.#known.size;
  }

  #shuffled(): readonly string[] {
    const all = [...this.#known.keys()].map((address) => ({ address, at: this.#random.next() }));
    return all.toSorted((one, other) => one.at - other.at).map(({ address }) => address);
  }
}

interface Server {
  readonly address: string;
  /** A host name that its certificate may carry instead of the address. */
  readonly name: string | undefined;
}

async function connectTo({ address, name }: Server, options: ClientOptions): Promise<NatsConnection> {
  const host = hostOf(address);
  const one = { ...options, servers: address };
  // The client checks the certificate of a host name correctly. For an IP address it would expect a certificate of "localhost".
  if (isIP(host) === 0) return connect(one);
  const names = name === undefined ? [host] : [host, name];
  const check = (_: string, certificate: PeerCertificate): Error | undefined => {
    const refusals = names.map((each) => checkServerIdentity(each, certificate));
    return refusals.includes(undefined) ? undefined : refusals[0];
  };
  const checked = { ...one, tls: { ...options.tls, checkServerIdentity: check } } as ClientOptions;
  if (options.tls !== undefined) return connect(checked);
  // TLS is optional here, but TLS options would make it mandatory. A server without TLS is tried again without them.
  return connect(checked).catch((error: unknown) => {
    if (isWithoutTls(error)) return connect(one);
    throw error;
  });
}

/** Returns the host of `host:port`, without the brackets of IPv6. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

function isWithoutTls(error: unknown): boolean {
  return error instanceof errors.ConnectionError && /does not support 'tls'/.test(error.message);
}
