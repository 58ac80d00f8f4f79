import {
  BrokerUrl,
  checkOptions,
  tlsOf,
  type BrokerAddress,
  type OptionKinds,
  type TlsOptions,
} from "@waybill/core/transport-kit";

/** The options of a RabbitMQ connection. An option wins over the same part of the URL. */
export interface RabbitmqOptions {
  /**
   * `amqp://user:password@host:5672,other:5672/vhost?heartbeat=10`, or `amqps:` for TLS. The adapter tries
   * several hosts in turn. The parameters are those of RabbitMQ's URI query parameters: `heartbeat` and `connection_timeout` (seconds and
   * milliseconds), `cacertfile`, `certfile`, `keyfile`, `password`, `verify`, `server_name_indication`; and
   * `largest_message` (bytes).
   */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly vhost?: string;
  /** The heartbeat interval in seconds. The adapter drops a silent connection after about three intervals. Default 10. */
  readonly heartbeatSeconds?: number;
  /** The time that one host has to answer, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** The `max_message_size` of the server in bytes, if it is not the default of its version. */
  readonly largestMessage?: number;
  /** For `amqps:`; these win over the URL: `ca`, `cert`, `key`, `passphrase`, `servername`, `rejectUnauthorized`. */
  readonly tls?: TlsOptions;
}

/** The checked options, with defaults. */
export interface Settings {
  readonly protocol: string;
  /** At least one. */
  readonly addresses: readonly BrokerAddress[];
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
  readonly heartbeatSeconds: number;
  readonly connectTimeoutMs: number;
  readonly largestMessage: number | undefined;
  readonly tls: TlsOptions;
}

const FORM = {
  broker: "RabbitMQ",
  example: "amqp://user:password@host:5672/vhost",
  schemes: { amqp: 5672, amqps: 5671 },
  hasPath: true,
  parameters: [
    "heartbeat",
    "connection_timeout",
    "largest_message",
    "cacertfile",
    "certfile",
    "keyfile",
    "password",
    "verify",
    "server_name_indication",
  ],
};

/** The options under the key `rabbitmq` of a configuration. */
const OPTIONS: OptionKinds<Omit<RabbitmqOptions, "url">> = {
  username: "text",
  password: "text",
  vhost: "text",
  heartbeatSeconds: "count",
  connectTimeoutMs: "count",
  largestMessage: "count",
  tls: "group",
};

const TLS = {
  ca: "cacertfile",
  cert: "certfile",
  key: "keyfile",
  passphrase: "password",
  servername: "server_name_indication",
  rejectUnauthorized: ["verify", "verify_peer", "verify_none"],
} as const;

/** Returns the settings of a URL and options. @throws MessagingError `invalid-option`, without a password in its text */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("rabbitmq", given, OPTIONS);
  const parsed = new BrokerUrl(url, FORM);
  return {
    protocol: parsed.scheme,
    addresses: parsed.addresses,
    username: options.username ?? parsed.username ?? "guest",
    password: options.password ?? parsed.password ?? "guest",
    vhost: options.vhost ?? parsed.path ?? "/",
    heartbeatSeconds: options.heartbeatSeconds ?? parsed.count("heartbeat") ?? 10,
    connectTimeoutMs: options.connectTimeoutMs ?? parsed.count("connection_timeout") ?? 10_000,
    largestMessage: options.largestMessage ?? parsed.count("largest_message"),
    tls: tlsOf(parsed, { adapter: "rabbitmq", scheme: "amqps", given: options.tls, parameters: TLS }),
  };
}
