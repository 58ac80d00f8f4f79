import {
  BrokerUrl,
  checkOptions,
  invalidOption,
  tlsOf,
  type OptionKinds,
  type TlsOptions,
} from "@waybill/core/transport-kit";

/** The options of the NATS transport. An option replaces the same parameter of the URL. */
export interface NatsOptions {
  /**
   * `nats://user:password@host:4222,other:4222?heartbeat=5`, or `tls:`. A user without a password is a token. The
   * transport tries the hosts one after the other, in random order. Parameters: `creds` and `nkey` (paths of files: a
   * user's credentials, the seed of an NKEY), `token`, `ca_file`, `cert_file`, `key_file`, `domain`, `inbox_prefix`,
   * `reply_prefixes`, `replicas`, `heartbeat` and `lease` (seconds), `connect_timeout` (milliseconds).
   */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  /** The text of a credentials file. */
  readonly credentials?: string;
  /** The seed of an NKEY. */
  readonly nkeySeed?: string;
  /** TLS settings. */
  readonly tls?: NatsTlsOptions;
  /** The JetStream domain. */
  readonly domain?: string;
  /** The prefix of inboxes, for a user who may not use `_INBOX`. */
  readonly inboxPrefix?: string;
  /**
   * The allowed prefixes of requesters' reply addresses, besides `_INBOX` and `inboxPrefix`: the inbox prefixes of the
   * processes to whose requests this process replies. In the URL `reply_prefixes`, separated by commas.
   */
  readonly replyPrefixes?: readonly string[];
  /** The number of replicas of each created stream, 1 to 5. Default 1. */
  readonly replicas?: number;
  /** The seconds between heartbeats. The connection counts as lost after three missed heartbeats. Default 5. */
  readonly heartbeatSeconds?: number;
  /** The seconds after which the server redelivers a message of a dead process. A live process renews this lease of its messages in flight. Default 10. */
  readonly leaseSeconds?: number;
  /** The milliseconds that one host may take to accept a connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
}

/** The TLS options that the client supports. */
type NatsTlsOptions = Pick<TlsOptions, "ca" | "cert" | "key">;

/** The checked options with all defaults. */
export interface Settings {
  /** At least one, `host:port`, without credentials. */
  readonly addresses: readonly string[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly credentials: string | undefined;
  readonly nkeySeed: string | undefined;
  /** Absent: TLS only if the server requires it. */
  readonly tls: NatsTlsOptions | undefined;
  readonly domain: string | undefined;
  readonly inboxPrefix: string;
  /** All allowed prefixes, including `_INBOX` and `inboxPrefix`. */
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

/** The options under the key `nats` of a configuration. */
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

/** Returns the settings of a URL and options. @throws MessagingError `invalid-option`, which never contains a password */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("nats", given, OPTIONS);
  const parsed = new BrokerUrl(url, FORM);
  const { username: user, password } = parsed;
  const tls = tlsOf(parsed, { adapter: "nats", given: options.tls, parameters: TLS });
  const isToken = user !== undefined && password === undefined;
  const inboxPrefix =
    prefixOf("inbox_prefix", options.inboxPrefix ?? parsed.text("inbox_prefix")) ?? DEFAULT_PREFIX;
  return {
    addresses: parsed.addresses.map((address) => BrokerUrl.shown(address)),
    username: options.username ?? (isToken ? undefined : user),
    password: options.password ?? password,
    token: options.token ?? parsed.text("token") ?? (isToken ? user : undefined),
    credentials: options.credentials ?? fileTextOf(parsed, "creds"),
    nkeySeed: options.nkeySeed ?? fileTextOf(parsed, "nkey")?.trim(),
    tls: parsed.scheme === "tls" || Object.keys(tls).length > 0 ? tls : undefined,
    domain: subjectPartOf("domain", options.domain ?? parsed.text("domain")),
    inboxPrefix,
    replyPrefixes: [
      ...new Set([
        DEFAULT_PREFIX,
        inboxPrefix,
        ...prefixesOf(options.replyPrefixes ?? parsed.text("reply_prefixes")?.split(",") ?? []),
      ]),
    ],
    replicas: replicasOf(options.replicas ?? parsed.count("replicas") ?? 1),
    heartbeatMs: (options.heartbeatSeconds ?? parsed.positive("heartbeat") ?? 5) * 1_000,
    leaseMs: (options.leaseSeconds ?? parsed.positive("lease") ?? 10) * 1_000,
    connectTimeoutMs: options.connectTimeoutMs ?? parsed.count("connect_timeout") ?? 10_000,
  };
}

/** JetStream supports one to five replicas of a stream. */
function replicasOf(count: number): number {
  if (![1, 2, 3, 4, 5].includes(count))
    throw invalidOption("The option replicas must be a number from 1 to 5.");
  return count;
}

/** Checks a text that becomes a part of subjects: it may have no wildcards, spaces or empty tokens. */
function subjectPartOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\w-]+(\.[\w-]+)*$/.test(text))
    throw invalidOption(
      `The option ${name} may contain only letters, digits, dots, hyphens and underscores.`,
    );
  return text;
}

/** The default prefix of the inboxes of every NATS client. */
const DEFAULT_PREFIX = "_INBOX";
/** With a longer prefix, reply addresses could exceed the 255 characters that every transport accepts. */
const LONGEST_PREFIX = 200;

function prefixOf(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && text.length > LONGEST_PREFIX)
    throw invalidOption(`The option ${name} may have at most ${LONGEST_PREFIX} characters.`);
  return subjectPartOf(name, text);
}

function prefixesOf(given: readonly unknown[]): readonly string[] {
  return given.map((each) => {
    const prefix = typeof each === "string" ? prefixOf("reply_prefixes", each) : undefined;
    if (prefix === undefined) throw invalidOption("The option reply_prefixes must be a list of prefixes.");
    return prefix;
  });
}

function fileTextOf(parsed: BrokerUrl, parameter: string): string | undefined {
  const bytes = parsed.file(parameter);
  return bytes && Buffer.from(bytes).toString();
}
