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
  readonly sasl?: SaslOptions;
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
  /** How often the broker is let remove what queues and groups have settled, in milliseconds. Default 60,000. */
  readonly trimMs?: number;
  /** Topics that somebody else has made and named, by the name of their queue or topic here. */
  readonly topics?: Readonly<Record<string, string>>;
  /** Where to connect to instead of an address that a broker is known by: through a tunnel. */
  readonly brokerAddress?: (address: BrokerAddress) => BrokerAddress;
}

/** Options, checked and complete. */
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

/** @throws MessagingError `invalid-option`, which never prints a password. */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("kafka", given, OPTIONS);
  const asked = new BrokerUrl(url, FORM);
  const tls = tlsOf(asked, { adapter: "kafka", scheme: "kafka+tls", given: options.tls, parameters: TLS });
  return {
    addresses: asked.addresses,
    tls: asked.scheme === "kafka+tls" ? tls : undefined,
    sasl: options.sasl ?? saslOf(asked),
    clientId: options.clientId ?? asked.text("client_id") ?? "waybill",
    heartbeatMs: options.heartbeatMs ?? asked.count("heartbeat") ?? 1_000,
    sessionMs: options.sessionMs ?? asked.count("session") ?? 10_000,
    connectTimeoutMs: options.connectTimeoutMs ?? asked.count("connection_timeout") ?? 10_000,
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 10_000,
    partitions: options.partitions ?? asked.count("partitions") ?? 6,
    replication: options.replication ?? asked.count("replication") ?? -1,
    retentionMs: options.retentionMs ?? asked.count("retention") ?? 7 * DAY_MS,
    trimMs: options.trimMs ?? 60_000,
    topics: checkedTopics(options.topics ?? {}),
    brokerAddress: options.brokerAddress,
  };
}

/** A topic's name has at most 249 characters: room is left for the suffix of its waiting rooms. */
const TOPIC = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,242}$/;

function checkedTopics(topics: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = new Map<string, string>();
  for (const [name, topic] of Object.entries(topics)) {
    if (typeof topic !== "string" || !TOPIC.test(topic))
      throw invalidOption(
        `The topic of ${name} in the option topics is no name of at most 242 letters, digits, dots, hyphens and underscores.`,
      );
    const other = names.get(topic);
    // Both would be one consumer group, and share the records among them.
    if (other !== undefined)
      throw invalidOption(`The option topics gives the topic ${topic} to both ${other} and ${name}.`);
    names.set(topic, name);
  }
  return topics;
}

function saslOf(asked: BrokerUrl): SaslOptions | undefined {
  const { username, password } = asked;
  const mechanism = asked.text("sasl");
  if (mechanism === undefined && username === undefined) return undefined;
  if (username === undefined || password === undefined)
    throw invalidOption("SASL needs a user name and a password in a Kafka URL.");
  const name = mechanism ?? "plain";
  if (name !== "plain" && name !== "scram-sha-256" && name !== "scram-sha-512")
    throw invalidOption("The parameter sasl is plain, scram-sha-256 or scram-sha-512.");
  return { mechanism: name, username, password };
}
