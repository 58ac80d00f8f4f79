import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { SASLOptions } from "kafkajs";
import {
  MessagingError,
  checkOptions,
  describeThrown,
  type GivenOptions,
  type OptionKinds,
} from "@waybill/core/transport";
import type { Address } from "./driver/wiring.ts";

/** How to reach Kafka. What a URL says can be said as options too; an option wins. */
export interface KafkaOptions {
  /**
   * `kafka://user:password@host:9092,other:9092`, or `kafka+tls:` for TLS. Several hosts are tried in turn until one tells
   * of all brokers. Parameters: `sasl` (`plain`, `scram-sha-256`, `scram-sha-512`; `plain` when there is a password),
   * `ca`, `cert`, `key` (files), `verify` (`false`: any certificate), `client_id`, `heartbeat`, `session` and
   * `connection_timeout` (milliseconds), `partitions`, `replication`, `retention` (milliseconds).
   */
  readonly url: string;
  /** Over what the URL says; the way to `oauthbearer`, which needs a function. */
  readonly sasl?: SASLOptions;
  /** For `kafka+tls:`, over what the URL says. */
  readonly tls?: TlsOptions;
  /** How this process is called in the broker's logs and quotas. Default `waybill`. */
  readonly clientId?: string;
  /** How often members say that they live, and connections are made sure of, in milliseconds. Default 1,000. */
  readonly heartbeatMs?: number;
  /** After how long a silent member is replaced, in milliseconds, within what the broker allows. Default 10,000. */
  readonly sessionMs?: number;
  /** How long one host may take to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long a message is tried to be stored before it is reported as disconnected, in milliseconds. Default 10,000. */
  readonly deliveryTimeoutMs?: number;
  /** Of topics made for what has no key: no more members than that share the work. Default 6. */
  readonly partitions?: number;
  /** How many brokers hold each record of topics made here. Default -1: as the broker is set up. */
  readonly replication?: number;
  /** How long events that retain nothing are kept for groups that are away, in milliseconds. Default seven days. */
  readonly retentionMs?: number;
  /** Topics that somebody else has made and named, by the name of their queue or topic here. */
  readonly topics?: Readonly<Record<string, string>>;
  /** Where to connect to instead of an address that a broker is known by: through a tunnel. */
  readonly via?: (address: Address) => Address;
}

export type TlsOptions = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized"
>;

/** Options, checked and complete. */
export interface Settings {
  /** At least one. */
  readonly addresses: readonly Address[];
  readonly tls: TlsOptions | undefined;
  readonly sasl: SASLOptions | undefined;
  readonly clientId: string;
  readonly heartbeatMs: number;
  readonly sessionMs: number;
  readonly connectTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly partitions: number;
  readonly replication: number;
  readonly retentionMs: number;
  readonly topics: Readonly<Record<string, string>>;
  readonly via: ((address: Address) => Address) | undefined;
}

const SHAPE = /^(kafka(?:\+tls)?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]*)\/?(?:\?([^#]*))?$/;
const PARAMETERS: readonly string[] = [
  "sasl",
  "ca",
  "cert",
  "key",
  "verify",
  "client_id",
  "heartbeat",
  "session",
  "connection_timeout",
  "partitions",
  "replication",
  "retention",
];
const DAY_MS = 86_400_000;

/** What may stand under the key `kafka` of a configuration. */
const OPTIONS: OptionKinds<Omit<KafkaOptions, "url">> = {
  sasl: "group",
  tls: "group",
  clientId: "text",
  heartbeatMs: "count",
  sessionMs: "count",
  connectTimeoutMs: "count",
  deliveryTimeoutMs: "count",
  partitions: "count",
  replication: "count",
  retentionMs: "count",
  topics: "group",
  via: "any",
};

const TLS_OPTIONS: OptionKinds<TlsOptions> = {
  ca: "any",
  cert: "any",
  key: "any",
  passphrase: "text",
  servername: "text",
  rejectUnauthorized: "flag",
};

/** @throws MessagingError `invalid-option`, which never prints a password. */
export function settingsOf(url: string, given: GivenOptions = {}): Settings {
  const options = checkOptions("kafka", given, OPTIONS);
  checkOptions("kafka.tls", { ...options.tls }, TLS_OPTIONS);
  const [, protocol, user, password, hosts = "", query = ""] = SHAPE.exec(url) ?? [];
  if (protocol === undefined)
    throw invalid("A Kafka URL looks like kafka://user:password@host:9092,other:9092, this one does not.");
  const parameters = new Map(new URLSearchParams(query));
  for (const name of parameters.keys())
    if (!PARAMETERS.includes(name))
      throw invalid(`A Kafka URL has no parameter ${name}; there are ${PARAMETERS.join(", ")}.`);
  const number = (name: string, given: number | undefined, fallback: number): number =>
    given ?? positive(parameters, name) ?? fallback;
  return {
    addresses: hosts.split(",").map(addressOf),
    tls: protocol === "kafka+tls" ? { ...tlsOf(parameters), ...options.tls } : undefined,
    sasl: options.sasl ?? saslOf(parameters.get("sasl"), decoded(user), decoded(password)),
    clientId: options.clientId ?? parameters.get("client_id") ?? "waybill",
    heartbeatMs: number("heartbeat", options.heartbeatMs, 1_000),
    sessionMs: number("session", options.sessionMs, 10_000),
    connectTimeoutMs: number("connection_timeout", options.connectTimeoutMs, 10_000),
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 10_000,
    partitions: number("partitions", options.partitions, 6),
    replication: number("replication", options.replication, -1),
    retentionMs: number("retention", options.retentionMs, 7 * DAY_MS),
    topics: options.topics ?? {},
    via: options.via,
  };
}

/** Where a connection goes, without credentials. */
export function shownAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

function addressOf(text: string): Address {
  const [, host = "", port] = /^(\[[^\]]+\]|[^:[\]\s]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === "") throw invalid(`A Kafka URL names hosts, ${JSON.stringify(text)} is none.`);
  return { host: host.replaceAll(/[[\]]/g, ""), port: port === undefined ? 9_092 : Number(port) };
}

function saslOf(
  mechanism: string | undefined,
  username: string | undefined,
  password: string | undefined,
): SASLOptions | undefined {
  if (mechanism === undefined && username === undefined) return undefined;
  if (username === undefined || password === undefined)
    throw invalid("SASL needs a user name and a password in a Kafka URL.");
  const name = mechanism ?? "plain";
  if (name !== "plain" && name !== "scram-sha-256" && name !== "scram-sha-512")
    throw invalid(`The parameter sasl is plain, scram-sha-256 or scram-sha-512, not ${name}.`);
  return { mechanism: name, username, password };
}

function tlsOf(parameters: ReadonlyMap<string, string>): TlsOptions {
  const verify = parameters.get("verify");
  if (verify !== undefined && verify !== "true" && verify !== "false")
    throw invalid(`The parameter verify is true or false, not ${verify}.`);
  const file = (name: string): Buffer | undefined => {
    const path = parameters.get(name);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      throw invalid(`The file of the parameter ${name} cannot be read: ${describeThrown(error)}.`);
    }
  };
  const given = {
    ca: file("ca"),
    cert: file("cert"),
    key: file("key"),
    rejectUnauthorized: verify === undefined ? undefined : verify === "true",
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function positive(parameters: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) === 0)
    throw invalid(`The parameter ${name} is a positive number, not ${text}.`);
  return Number(text);
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("A Kafka URL has a percent sign that no two hexadecimal digits follow.");
  }
}

function invalid(what: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice: "Correct the transport's URL or options." });
}
