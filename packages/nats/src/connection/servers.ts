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

/** So many servers are remembered that others have told of: a cluster has fewer, and one that renews its machines tells of new ones for ever. */
const MOST_TOLD = 100;

/** The servers that are known, those of the URL and those they tell of, and which name each one's certificate may carry. */
export class Servers {
  readonly #random: Random;
  /** By address; of one that was told of, the name of who told. */
  readonly #known: Map<string, string | undefined>;
  /** Those of the URL, which are never forgotten. */
  readonly #own: ReadonlySet<string>;
  readonly #most: number;
  /** The one that let us in last. */
  #reached = "";

  constructor(addresses: readonly string[], random: Random) {
    this.#random = random;
    this.#own = new Set(addresses);
    this.#most = addresses.length + MOST_TOLD;
    this.#known = new Map(addresses.map((address) => [address, undefined]));
  }

  /**
   * A connection to the first one that lets us in; each is tried once, in any order. Each by itself, for the client does
   * not say which of several it is about to trust.
   * @throws Error that says what kept us out
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

  /** Servers tell of each other by IP address, which stands in few certificates: they are known by the name of who told. */
  learn(addresses: readonly string[]): void {
    const host = hostOf(this.#reached);
    const name = isIP(host) === 0 ? host : this.#known.get(this.#reached);
    for (const address of addresses) {
      if (this.#known.has(address)) continue;
      if (this.#known.size >= this.#most) this.#forgetOldest();
      this.#known.set(address, name);
    }
  }

  /** Of those that were told of, except the one that is in use. */
  #forgetOldest(): void {
    for (const address of this.#known.keys()) {
      if (this.#own.has(address) || address === this.#reached) continue;
      this.#known.delete(address);
      return;
    }
  }

  /** For tests: how many are known. */
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
  /** By which its certificate may know it besides. */
  readonly name: string | undefined;
}

async function connectTo({ address, name }: Server, options: ClientOptions): Promise<NatsConnection> {
  const host = hostOf(address);
  const one = { ...options, servers: address };
  // By a host name the client checks the certificate well. By an address it would ask for one of "localhost".
  if (isIP(host) === 0) return connect(one);
  const names = name === undefined ? [host] : [host, name];
  const check = (_: string, certificate: PeerCertificate): Error | undefined => {
    const refusals = names.map((each) => checkServerIdentity(each, certificate));
    return refusals.includes(undefined) ? undefined : refusals[0];
  };
  const checked = { ...one, tls: { ...options.tls, checkServerIdentity: check } } as ClientOptions;
  if (options.tls !== undefined) return connect(checked);
  // TLS where the server has it. To say how is to demand it: one that has none is asked again, without.
  return connect(checked).catch((error: unknown) => {
    if (isWithoutTls(error)) return connect(one);
    throw error;
  });
}

/** Of `host:port`, without the brackets of IPv6. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

function isWithoutTls(error: unknown): boolean {
  return error instanceof errors.ConnectionError && /does not support 'tls'/.test(error.message);
}
