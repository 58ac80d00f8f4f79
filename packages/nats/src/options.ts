import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import {
  MessagingError,
  checkOptions,
  describeThrown,
  type GivenOptions,
  type OptionKinds,
} from "@waybill/core/transport";

/** How to reach NATS. What a URL says can be said as options too; an option wins. */
export interface NatsOptions {
  /**
   * `nats://user:password@host:4222,other:4222?heartbeat=5`, or `tls:`. A user without a password is a token. Several
   * hosts are tried in turn. Parameters: `creds` and `nkey` (files: a user's credentials, the seed of an NKEY), `token`,
   * `ca_file`, `cert_file`, `key_file`, `domain`, `inbox_prefix`, `replicas`, `heartbeat` and `lease` (seconds),
   * `connect_timeout` (milliseconds).
   */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  /** The text of a credentials file. */
  readonly credentials?: string;
  /** The seed of an NKEY. */
  readonly nkeySeed?: string;
  /** Over what the URL says. */
  readonly tls?: TlsOptions;
  /** The JetStream domain. */
  readonly domain?: string;
  /** What inboxes begin with, where a user may not use `_INBOX`. */
  readonly inboxPrefix?: string;
  /** How many servers keep each stream that is created. Default 1. */
  readonly replicas?: number;
  /** Seconds between signs of life; a silent connection is given up after three of them. Default 5. */
  readonly heartbeatSeconds?: number;
  /** How long a message stays with a process that says nothing more, in seconds; renewed while it is held. Default 10. */
  readonly leaseSeconds?: number;
  /** How long one host may take to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
}

export type TlsOptions = Pick<ConnectionOptions, "ca" | "cert" | "key">;

/** Options, checked and complete. */
export interface Settings {
  /** At least one, `host:port`, without credentials. */
  readonly addresses: readonly string[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly credentials: string | undefined;
  readonly nkeySeed: string | undefined;
  /** Absent: TLS where the server asks for it. */
  readonly tls: TlsOptions | undefined;
  readonly domain: string | undefined;
  readonly inboxPrefix: string;
  readonly replicas: number;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly connectTimeoutMs: number;
}

const SHAPE = /^(nats|tls):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]*)\/?(?:\?([^#]*))?$/;

const PARAMETERS: readonly string[] = [
  "creds",
  "nkey",
  "token",
  "ca_file",
  "cert_file",
  "key_file",
  "domain",
  "inbox_prefix",
  "replicas",
  "heartbeat",
  "lease",
  "connect_timeout",
];

/** What may stand under the key `nats` of a configuration. */
const OPTIONS: OptionKinds<Omit<NatsOptions, "url">> = {
  username: "text",
  password: "text",
  token: "text",
  credentials: "text",
  nkeySeed: "text",
  tls: "group",
  domain: "text",
  inboxPrefix: "text",
  replicas: "count",
  heartbeatSeconds: "positive",
  leaseSeconds: "positive",
  connectTimeoutMs: "count",
};

const TLS_OPTIONS: OptionKinds<TlsOptions> = { ca: "any", cert: "any", key: "any" };

/** @throws MessagingError `invalid-option`, which never prints a password. */
export function settingsOf(url: string, given: GivenOptions = {}): Settings {
  const options = checkOptions("nats", given, OPTIONS);
  checkOptions("nats.tls", { ...options.tls }, TLS_OPTIONS);
  const [, protocol, user, password, hosts = "", query = ""] = SHAPE.exec(url) ?? [];
  if (protocol === undefined)
    throw invalid("A NATS URL looks like nats://user:password@host:4222, this one does not.");
  const parameters = new Map(new URLSearchParams(query));
  for (const name of parameters.keys())
    if (!PARAMETERS.includes(name))
      throw invalid(`A NATS URL has no parameter ${name}; there are ${PARAMETERS.join(", ")}.`);
  const positive = (name: string, given: number | undefined, fallback: number): number =>
    positiveOf(name, given ?? parameters.get(name), fallback);
  const isToken = user !== undefined && user !== "" && password === undefined;
  return {
    addresses: hosts.split(",").map(addressOf),
    username: options.username ?? (isToken ? undefined : decoded(user)),
    password: options.password ?? decoded(password),
    token: options.token ?? parameters.get("token") ?? (isToken ? decoded(user) : undefined),
    credentials: options.credentials ?? fileOf(parameters, "creds")?.toString(),
    nkeySeed: options.nkeySeed ?? fileOf(parameters, "nkey")?.toString().trim(),
    tls: tlsOf(parameters, { isWanted: protocol === "tls", given: options.tls }),
    domain: wordOf("domain", options.domain ?? parameters.get("domain")),
    inboxPrefix: wordOf("inbox_prefix", options.inboxPrefix ?? parameters.get("inbox_prefix")) ?? "_INBOX",
    replicas: replicasOf(positive("replicas", options.replicas, 1)),
    heartbeatMs: positive("heartbeat", options.heartbeatSeconds, 5) * 1_000,
    leaseMs: positive("lease", options.leaseSeconds, 10) * 1_000,
    connectTimeoutMs: positive("connect_timeout", options.connectTimeoutMs, 10_000),
  };
}

function positiveOf(name: string, given: number | string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  const value = typeof given === "string" && !/^\d+(\.\d+)?$/.test(given) ? Number.NaN : Number(given);
  if (!Number.isFinite(value) || value <= 0)
    throw invalid(`The option ${name} is a positive number, not ${given}.`);
  return value;
}

/** JetStream keeps a stream on one to five servers, an odd number of them for it to have a majority. */
function replicasOf(count: number): number {
  if (![1, 2, 3, 4, 5].includes(count)) throw invalid(`The option replicas is 1 to 5, not ${count}.`);
  return count;
}

/** What becomes a part of subjects: no wildcards, spaces or empty tokens. */
function wordOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\w-]+(\.[\w-]+)*$/.test(text))
    throw invalid(`The option ${name} is made of letters, digits, dots, hyphens and underscores.`);
  return text;
}

function addressOf(host: string): string {
  const [, hostname, port = "4222"] = /^(\[[^\]]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  if (hostname === undefined) throw invalid(`A NATS URL names hosts, ${JSON.stringify(host)} is none.`);
  return `${hostname}:${port}`;
}

function tlsOf(
  parameters: ReadonlyMap<string, string>,
  { isWanted, given }: { readonly isWanted: boolean; readonly given: TlsOptions | undefined },
): TlsOptions | undefined {
  const files = {
    ca: fileOf(parameters, "ca_file"),
    cert: fileOf(parameters, "cert_file"),
    key: fileOf(parameters, "key_file"),
  };
  const found = Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined));
  const all: TlsOptions = { ...found, ...given };
  return isWanted || Object.keys(all).length > 0 ? all : undefined;
}

function fileOf(parameters: ReadonlyMap<string, string>, name: string): Buffer | undefined {
  const path = parameters.get(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw invalid(`The file of the parameter ${name} cannot be read: ${describeThrown(error)}.`);
  }
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("A NATS URL has a percent sign that no two hexadecimal digits follow.");
  }
}

function invalid(what: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice: "Correct the transport's URL or options." });
}
