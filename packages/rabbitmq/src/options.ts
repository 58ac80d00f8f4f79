import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import {
  MessagingError,
  checkOptions,
  describeThrown,
  type GivenOptions,
  type OptionKinds,
} from "@waybill/core/transport";

/** How to reach RabbitMQ. What a URL says can be said as options too; an option wins. */
export interface RabbitmqOptions {
  /**
   * `amqp://user:password@host:5672,other:5672/vhost?heartbeat=10`, or `amqps:` for TLS. Several hosts are tried in
   * turn. Parameters as in RabbitMQ's URI query parameters: `heartbeat` and `connection_timeout` (seconds and
   * milliseconds), `cacertfile`, `certfile`, `keyfile`, `password`, `verify`, `server_name_indication`; and
   * `largest_message` (bytes).
   */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly vhost?: string;
  /** Seconds between signs of life; a silent connection is given up after about three times as long. Default 10. */
  readonly heartbeatSeconds?: number;
  /** How long one host may take to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** What the server takes in one message, in bytes, where its `max_message_size` is not the default of its version. */
  readonly largestMessage?: number;
  /** For `amqps:`, over what the URL says: `ca`, `cert`, `key`, `passphrase`, `servername`, `rejectUnauthorized`. */
  readonly tls?: TlsOptions;
}

export type TlsOptions = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized"
>;

export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** Options, checked and complete. */
export interface Settings {
  readonly protocol: "amqp" | "amqps";
  /** At least one. */
  readonly addresses: readonly Address[];
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
  readonly heartbeatSeconds: number;
  readonly connectTimeoutMs: number;
  readonly largestMessage: number | undefined;
  readonly tls: TlsOptions;
}

const SHAPE = /^(amqps?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** What may stand under the key `rabbitmq` of a configuration. */
const OPTIONS: OptionKinds<Omit<RabbitmqOptions, "url">> = {
  username: "text",
  password: "text",
  vhost: "text",
  heartbeatSeconds: "count",
  connectTimeoutMs: "count",
  largestMessage: "count",
  tls: "group",
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
  const options = checkOptions("rabbitmq", given, OPTIONS);
  checkOptions("rabbitmq.tls", { ...options.tls }, TLS_OPTIONS);
  const [, protocol, user, password, hosts = "", path, query = ""] = SHAPE.exec(url) ?? [];
  if (protocol !== "amqp" && protocol !== "amqps")
    throw invalid("A RabbitMQ URL looks like amqp://user:password@host:5672/vhost, this one does not.");
  const parameters = new Map(new URLSearchParams(query));
  for (const name of parameters.keys())
    if (!PARAMETERS.includes(name))
      throw invalid(`A RabbitMQ URL has no parameter ${name}; there are ${PARAMETERS.join(", ")}.`);
  const positive = (name: string, fallback: number | undefined): number | undefined => {
    const text = parameters.get(name);
    if (text === undefined) return fallback;
    if (!/^\d+$/.test(text) || Number(text) === 0)
      throw invalid(`The parameter ${name} is a positive number, not ${text}.`);
    return Number(text);
  };
  return {
    protocol,
    addresses: hosts.split(",").map((host) => addressOf(host, protocol)),
    username: options.username ?? decoded(user) ?? "guest",
    password: options.password ?? decoded(password) ?? "guest",
    vhost: options.vhost ?? (path === undefined || path === "" ? "/" : (decoded(path) ?? "/")),
    heartbeatSeconds: options.heartbeatSeconds ?? positive("heartbeat", undefined) ?? 10,
    connectTimeoutMs: options.connectTimeoutMs ?? positive("connection_timeout", undefined) ?? 10_000,
    largestMessage: options.largestMessage ?? positive("largest_message", undefined),
    tls: { ...tlsOf(parameters), ...options.tls },
  };
}

/** Where a connection goes, without credentials. */
export function shownAddress({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}

const PARAMETERS: readonly string[] = [
  "heartbeat",
  "connection_timeout",
  "largest_message",
  "cacertfile",
  "certfile",
  "keyfile",
  "password",
  "verify",
  "server_name_indication",
];

function addressOf(host: string, protocol: "amqp" | "amqps"): Address {
  const [, hostname = "", port] = /^(\[[^\]]+\]|[^:[\]\s]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  if (hostname === "") throw invalid(`A RabbitMQ URL names hosts, ${JSON.stringify(host)} is none.`);
  const fallback = protocol === "amqps" ? 5671 : 5672;
  return { hostname: hostname.replaceAll(/[[\]]/g, ""), port: port === undefined ? fallback : Number(port) };
}

function tlsOf(parameters: ReadonlyMap<string, string>): TlsOptions {
  const verify = parameters.get("verify");
  if (verify !== undefined && verify !== "verify_peer" && verify !== "verify_none")
    throw invalid(`The parameter verify is verify_peer or verify_none, not ${verify}.`);
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
    ca: file("cacertfile"),
    cert: file("certfile"),
    key: file("keyfile"),
    passphrase: parameters.get("password"),
    servername: parameters.get("server_name_indication"),
    rejectUnauthorized: verify === undefined ? undefined : verify === "verify_peer",
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("A RabbitMQ URL has a percent sign that no two hexadecimal digits follow.");
  }
}

function invalid(what: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice: "Correct the transport's URL or options." });
}
