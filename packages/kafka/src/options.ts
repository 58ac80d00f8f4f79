import {
  BrokerUrl,
  checkOptions,
  invalidOption,
  tlsOf,
  type BrokerAddress,
  type OptionKinds,
  type TlsOptions,
} from "@waybill/core/transport-kit";

/** The credentials of this process. `oauthbearer` takes a function, because tokens expire. */
export type SaslOptions = SaslPassword | SaslAws | SaslBearer;

interface SaslPassword {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

/** For brokers that check identities of Amazon Web Services. */
interface SaslAws {
  readonly mechanism: "aws";
  readonly authorizationIdentity: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SaslBearer {
  readonly mechanism: "oauthbearer";
  /** Called for every connection, and again before a token expires. */
  readonly oauthBearerProvider: () => Promise<{ readonly value: string }>;
}

/** The options of the transport. Most can be parameters of the URL; an option overrides its parameter. */
export interface KafkaOptions {
  /**
   * `kafka://user:password@host:9092,other:9092`, or `kafka+tls:` for TLS. Several hosts are tried in turn until one answers
   * with the addresses of all brokers. Parameters: `sasl` (`plain`, `scram-sha-256`, `scram-sha-512`; `plain` when there is a password),
   * `ca`, `cert`, `key` (files), `verify` (`false`: any certificate), `client_id`, `heartbeat`, `session` and
   * `connection_timeout` (milliseconds), `partitions`, `replication`, `retention` (milliseconds).
   */
  readonly url: string;
  /** Overrides the credentials of the URL. `oauthbearer` is possible only here, because it needs a function. */
  readonly sasl?: SaslOptions;
  /** For `kafka+tls:`. Overrides the parameters of the URL. */
  readonly tls?: TlsOptions;
  /** The name of this process in the broker's logs and quotas. Default `waybill`. */
  readonly clientId?: string;
  /** The interval of heartbeats and of checks of the connection, in milliseconds. Default 1,000. */
  readonly heartbeatMs?: number;
  /** The time after which the group replaces a silent member, in milliseconds, within the limits of the broker. Default 10,000. */
  readonly sessionMs?: number;
  /** The time for one host to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long the adapter tries to store a message before it reports `disconnected`, in milliseconds. Default 10,000. */
  readonly deliveryTimeoutMs?: number;
  /** The number of partitions of a new topic without lanes, and so the most members that share its messages. Default 6. */
  readonly partitions?: number;
  /** The replication factor of new topics. Default -1: the broker's default. */
  readonly replication?: number;
  /** The retention of events without history, for groups whose members are stopped, in milliseconds. Default seven days. */
  readonly retentionMs?: number;
  /** The interval at which settled records of queues and groups are deleted, in milliseconds. Default 60,000. */
  readonly trimMs?: number;
  /** The names of topics that other programs created, by the name of their queue or topic here. */
  readonly topics?: Readonly<Record<string, string>>;
  /** Maps the address that a broker advertises to the address to connect to, for a tunnel. */
  readonly brokerAddress?: (address: BrokerAddress) => BrokerAddress;
}

/** The options, validated and with defaults. */
export interface Settings {
  /** At least one. */
  readonly addresses: readonly BrokerAddress[];
  readonly tls: TlsOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  readonly clientId: string;
  readonly heartbeatMs: number;
  readonly sessionMs: number;
  readonly connectTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly partitions: number;
  readonly replication: number;
  readonly retentionMs: number;
  readonly trimMs: number;
  readonly topics: Readonly<Record<string, string>>;
  readonly brokerAddress: ((address: BrokerAddress) => BrokerAddress) | undefined;
}

const FORM = {
  broker: "Kafka",
  example: "kafka://user:password@host:9092,other:9092",
  schemes: { kafka: 9_092, "kafka+tls": 9_092 },
  parameters: [
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
  ],
};
const DAY_MS = 86_400_000;

/** The kinds of the options, as under the key `kafka` of a configuration. */
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
  trimMs: "count",
  topics: "group",
  brokerAddress: "any",
};

const TLS = {
  ca: "ca",
  cert: "cert",
  key: "key",
  passphrase: undefined,
  servername: undefined,
  rejectUnauthorized: ["verify", "true", "false"],
} as const;

/** Returns the settings of a URL and options. @throws MessagingError `invalid-option`, without the password */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("kafka", given, OPTIONS);
  const parsed = new BrokerUrl(url, FORM);
  const tls = tlsOf(parsed, { adapter: "kafka", scheme: "kafka+tls", given: options.tls, parameters: TLS });
  return {
    addresses: parsed.addresses,
    tls: parsed.scheme === "kafka+tls" ? tls : undefined,
    sasl: options.sasl ?? saslOf(parsed),
    clientId: options.clientId ?? parsed.text("client_id") ?? "waybill",
    heartbeatMs: options.heartbeatMs ?? parsed.count("heartbeat") ?? 1_000,
    sessionMs: options.sessionMs ?? parsed.count("session") ?? 10_000,
    connectTimeoutMs: options.connectTimeoutMs ?? parsed.count("connection_timeout") ?? 10_000,
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 10_000,
    partitions: options.partitions ?? parsed.count("partitions") ?? 6,
    replication: options.replication ?? parsed.count("replication") ?? -1,
    retentionMs: options.retentionMs ?? parsed.count("retention") ?? 7 * DAY_MS,
    trimMs: options.trimMs ?? 60_000,
    topics: checkedTopics(options.topics ?? {}),
    brokerAddress: options.brokerAddress,
  };
}

/** The name of an external topic. Kafka allows 249 characters, of which a delay topic needs seven for its suffix. */
const TOPIC = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,242}$/;

function checkedTopics(topics: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = new Map<string, string>();
  for (const [name, topic] of Object.entries(topics)) {
    if (typeof topic !== "string" || !TOPIC.test(topic))
      throw invalidOption(
        `The topic of ${name} in the option topics must be a name of 1 to 242 letters, digits, dots, hyphens and underscores.`,
      );
    const other = names.get(topic);
    // Both would be one consumer group, and each would get a part of the records.
    if (other !== undefined)
      throw invalidOption(
        `The option topics gives the topic ${topic} to both ${other} and ${name}; give each a topic of its own.`,
      );
    names.set(topic, name);
  }
  return topics;
}

function saslOf(parsed: BrokerUrl): SaslOptions | undefined {
  const { username, password } = parsed;
  const mechanism = parsed.text("sasl");
  if (mechanism === undefined && username === undefined) return undefined;
  if (username === undefined || password === undefined)
    throw invalidOption("SASL needs a user name and a password in a Kafka URL.");
  const name = mechanism ?? "plain";
  if (name !== "plain" && name !== "scram-sha-256" && name !== "scram-sha-512")
    throw invalidOption("The parameter sasl must be plain, scram-sha-256 or scram-sha-512.");
  return { mechanism: name, username, password };
}
