import {
  BrokerUrl,
  checkOptions,
  tlsOf,
  type BrokerAddress,
  type OptionKinds,
  type TlsOptions,
} from "@waybill/core/transport-kit";

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

/** Options, checked and complete. */
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

const TLS = {
  ca: "cacertfile",
  cert: "certfile",
  key: "keyfile",
  passphrase: "password",
  servername: "server_name_indication",
  rejectUnauthorized: ["verify", "verify_peer", "verify_none"],
} as const;

/** @throws MessagingError `invalid-option`, which never prints a password. */
export function settingsOf(url: string, given: Readonly<Record<string, unknown>> = {}): Settings {
  const options = checkOptions("rabbitmq", given, OPTIONS);
  const asked = new BrokerUrl(url, FORM);
  return {
    protocol: asked.scheme,
    addresses: asked.addresses,
    username: options.username ?? asked.username ?? "guest",
    password: options.password ?? asked.password ?? "guest",
    vhost: options.vhost ?? asked.path ?? "/",
    heartbeatSeconds: options.heartbeatSeconds ?? asked.count("heartbeat") ?? 10,
    connectTimeoutMs: options.connectTimeoutMs ?? asked.count("connection_timeout") ?? 10_000,
    largestMessage: options.largestMessage ?? asked.count("largest_message"),
    tls: tlsOf(asked, { adapter: "rabbitmq", scheme: "amqps", given: options.tls, parameters: TLS }),
  };
}
