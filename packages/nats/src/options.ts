import {
  BrokerUrl,
  checkOptions,
  invalidOption,
  tlsOf,
  type OptionKinds,
  type TlsOptions,
} from "@waybill/core/transport-kit";

/** How to reach NATS. What a URL says can be said as options too; an option wins. */
export interface NatsOptions {
  /**
   * `nats://user:password@host:4222,other:4222?heartbeat=5`, or `tls:`. A user without a password is a token. Several
   * hosts are tried in turn. Parameters: `creds` and `nkey` (files: a user's credentials, the seed of an NKEY), `token`,
   * `ca_file`, `cert_file`, `key_file`, `domain`, `inbox_prefix`, `reply_prefixes`, `replicas`, `heartbeat` and `lease` (seconds),
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
  readonly tls?: NatsTlsOptions;
  /** The JetStream domain. */
  readonly domain?: string;
  /** What inboxes begin with, where a user may not use `_INBOX`. */
  readonly inboxPrefix?: string;
  /**
   * What the reply addresses of requesters may begin with, besides `_INBOX` and `inboxPrefix`: the inbox prefixes of
   * other processes whose requests are answered here. In the URL `reply_prefixes`, parted by commas.
   */
  readonly replyPrefixes?: readonly string[];
  /** How many servers keep each stream that is created. Default 1. */
  readonly replicas?: number;
  /** Seconds between signs of life; a silent connection is given up after three of them. Default 5. */
  readonly heartbeatSeconds?: number;
  /** How long a message stays with a process that says nothing more, in seconds; renewed while it is held. Default 10. */
  readonly leaseSeconds?: number;
  /** How long one host may take to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
}

/** What the client takes. */
type NatsTlsOptions = Pick<TlsOptions, "ca" | "cert" | "key">;

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
  readonly tls: NatsTlsOptions | undefined;
  readonly domain: string | undefined;
  readonly inboxPrefix: string;
  /** All that are known, our own included. */
  readonly replyPrefixes: readonly string[];
  readonly replicas: number;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly connectTimeoutMs: number;
}

const FORM = {
  broker: "NATS",
  example: "nats://user:password@host:4222",
  schemes: { nats: 4222, tls: 4222 },
  parameters: [
    "creds",
    "nkey",
    "token",
    "ca_file",
    "cert_file",
    "key_file",
    "domain",
    "inbox_prefix",
    "reply_prefixes",
    "replicas",
    "heartbeat",
    "lease",
    "connect_timeout",
  ],
};

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
  replyPrefixes: "list",
  replicas: "count",
  heartbeatSeconds: "positive",
  leaseSeconds: "positive",
  connectTimeoutMs: "count",
};

const TLS = { ca: "ca_file", cert: "cert_file", key: "key_file" } as const;

/** @throws MessagingError `invalid-option`, which never prints a password. */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("nats", given, OPTIONS);
  const asked = new BrokerUrl(url, FORM);
  const { username: user, password } = asked;
  const tls = tlsOf(asked, { adapter: "nats", given: options.tls, parameters: TLS });
  const isToken = user !== undefined && password === undefined;
  const inboxPrefix =
    prefixOf("inbox_prefix", options.inboxPrefix ?? asked.text("inbox_prefix")) ?? DEFAULT_PREFIX;
  return {
    addresses: asked.addresses.map((address) => BrokerUrl.shown(address)),
    username: options.username ?? (isToken ? undefined : user),
    password: options.password ?? password,
    token: options.token ?? asked.text("token") ?? (isToken ? user : undefined),
    credentials: options.credentials ?? textOf(asked, "creds"),
    nkeySeed: options.nkeySeed ?? textOf(asked, "nkey")?.trim(),
    tls: asked.scheme === "tls" || Object.keys(tls).length > 0 ? tls : undefined,
    domain: wordOf("domain", options.domain ?? asked.text("domain")),
    inboxPrefix,
    replyPrefixes: [
      ...new Set([
        DEFAULT_PREFIX,
        inboxPrefix,
        ...prefixesOf(options.replyPrefixes ?? asked.text("reply_prefixes")?.split(",") ?? []),
      ]),
    ],
    replicas: replicasOf(options.replicas ?? asked.count("replicas") ?? 1),
    heartbeatMs: (options.heartbeatSeconds ?? asked.positive("heartbeat") ?? 5) * 1_000,
    leaseMs: (options.leaseSeconds ?? asked.positive("lease") ?? 10) * 1_000,
    connectTimeoutMs: options.connectTimeoutMs ?? asked.count("connect_timeout") ?? 10_000,
  };
}

/** JetStream keeps a stream on one to five servers, an odd number of them for it to have a majority. */
function replicasOf(count: number): number {
  if (![1, 2, 3, 4, 5].includes(count)) throw invalidOption("The option replicas is 1 to 5.");
  return count;
}

/** What becomes a part of subjects: no wildcards, spaces or empty tokens. */
function wordOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\w-]+(\.[\w-]+)*$/.test(text))
    throw invalidOption(`The option ${name} is made of letters, digits, dots, hyphens and underscores.`);
  return text;
}

/** What every client's inboxes begin with unless it says otherwise. */
const DEFAULT_PREFIX = "_INBOX";
/** With a longer prefix no reply address would have 255 characters at most, which is what every transport takes. */
const LONGEST_PREFIX = 200;

function prefixOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && text.length > LONGEST_PREFIX)
    throw invalidOption(`The option ${name} has at most ${LONGEST_PREFIX} characters.`);
  return wordOf(name, text);
}

function prefixesOf(given: readonly unknown[]): readonly string[] {
  return given.map((each) => {
    const prefix = typeof each === "string" ? prefixOf("reply_prefixes", each) : undefined;
    if (prefix === undefined) throw invalidOption("The option reply_prefixes is a list of texts.");
    return prefix;
  });
}

function textOf(asked: BrokerUrl, parameter: string): string | undefined {
  const bytes = asked.file(parameter);
  return bytes && Buffer.from(bytes).toString();
}
