import { checkOptions, type GivenOptions, type OptionKinds } from "../../environment/check-options.ts";
import { type Duration, toMilliseconds } from "../../environment/duration.ts";
import { systemEnvironment, type Environment } from "../../environment/environment.ts";
import { quietly } from "../../environment/quietly.ts";
import { onOneLine } from "../../environment/printable.ts";
import type { Contract } from "../../message/contract.ts";
import { checkContracts } from "../../message/declare-contract.ts";
import { checkName } from "../../message/name.ts";
import {
  checkMiddleware,
  type IncomingMiddleware,
  type Middleware,
  type OutgoingMiddleware,
} from "../../pipeline/middleware.ts";
import { checkRecovery, recoveryPolicy, type RecoveryOptions } from "../../recovery/policy.ts";
import { warnOperator } from "../../runtime/settings.ts";
import type { Transport } from "../../spi/transport.ts";
import type { Secret } from "./secret.ts";
import type { SenderOptions } from "../send/sender.ts";
import { checkServices, type Service } from "../plan/service.ts";

/** The options of `createBus`. */
export interface BusOptions {
  /**
   * A URL such as `memory:`, `amqp://…`, `nats://…` or `kafka://…`, a secret with such a URL, or a transport that its own
   * package created. Default: the environment variable `WAYBILL_TRANSPORT`, else the file that `WAYBILL_TRANSPORT_FILE` names.
   */
  readonly transport?: string | Secret | Transport | undefined;
  /** Further options of each adapter, under the name of its broker; the package of the adapter documents them. Options of other brokers are ignored with a warning. */
  readonly memory?: GivenOptions;
  readonly rabbitmq?: GivenOptions;
  readonly nats?: GivenOptions;
  readonly kafka?: GivenOptions;
  /** The services that run in this process. */
  readonly services?: readonly Service[];
  /** Contracts that this process sends and does not handle. `start` provisions or verifies their destinations. */
  readonly sends?: readonly Contract[];
  /** The source of messages that no handler sends. Default: the name of the only service, else `waybill`. */
  readonly name?: string;
  /** How `start` treats the topology: `apply` creates missing entities (default), `verify` only checks, `none` does nothing. */
  readonly provision?: ProvisionMode;
  /** How many messages of one source are handled at a time. Default 64. */
  readonly concurrency?: number;
  /** How failed messages are retried. A service or a handler may override it. */
  readonly recovery?: RecoveryOptions;
  /** The application's own steps around all outgoing and incoming messages. */
  readonly middleware?: Middleware;
  readonly timeouts?: Timeouts;
  /** How many messages may wait while the broker is unreachable. Default 10,000. */
  readonly sendBuffer?: number;
  /** How many bytes they may have together. Default 134,217,728 (128 MiB). */
  readonly sendBufferBytes?: number;
  /**
   * Called with one sentence for each problem that no caller can be told: options that are ignored, when the bus is created
   * (`explain` lists them too), and problems of the transport later. Default: a warning of the process.
   */
  readonly onWarning?: (warning: string) => void;
  /** The clock and the random numbers, for tests. Create the transport with the same environment. */
  readonly environment?: Environment;
}

/** How `start` treats the topology: create missing entities, only check, or do nothing. */
export type ProvisionMode = "apply" | "verify" | "none";

export interface Timeouts {
  /** How long `start` tries to reach the broker. Default 30 s. */
  readonly connect?: Duration;
  /** How long a message may wait to be stored. Default 30 s. */
  readonly publish?: Duration;
  /** How long a request waits for its reply, unless it has a timeout of its own. Default 30 s. */
  readonly request?: Duration;
  /** How long `stop` lets running handlers finish. Default 10 s. */
  readonly stop?: Duration;
}

/** Checked options with their defaults. */
export interface Settings {
  readonly services: readonly Service[];
  readonly sends: readonly Contract[];
  readonly name: string;
  readonly provision: ProvisionMode;
  readonly concurrency: number;
  readonly recovery: RecoveryOptions | undefined;
  readonly incoming: readonly IncomingMiddleware[];
  readonly outgoing: readonly OutgoingMiddleware[];
  readonly connectMs: number;
  readonly requestMs: number;
  readonly stopMs: number;
  readonly sender: SenderOptions;
  readonly onWarning: (warning: string) => void;
  readonly environment: Environment;
}

const KINDS: OptionKinds<BusOptions> = {
  transport: "any",
  memory: "group",
  rabbitmq: "group",
  nats: "group",
  kafka: "group",
  services: "list",
  sends: "list",
  name: "text",
  provision: ["apply", "verify", "none"],
  concurrency: "count",
  recovery: "group",
  middleware: "group",
  timeouts: "group",
  sendBuffer: "count",
  sendBufferBytes: "count",
  onWarning: "function",
  environment: "group",
};
const TIMEOUT_KINDS: OptionKinds<Timeouts> = { connect: "any", publish: "any", request: "any", stop: "any" };
const ENVIRONMENT_KINDS: OptionKinds<Environment> = { clock: "group", random: "group" };

/** Checks the options of `createBus` and adds the defaults. @throws MessagingError `invalid-option`, `invalid-duration`, `invalid-name` */
export function settingsOf(given: BusOptions): Settings {
  const options = checkOptions<BusOptions>("createBus", given, KINDS);
  const timeouts = checkOptions("timeouts", options.timeouts, TIMEOUT_KINDS);
  const { services = [], sends = [], provision = "apply" } = options;
  const { incoming, outgoing } = checkMiddleware(options.middleware);
  checkServices(services);
  checkContracts(sends);
  checkRecovery("", options.recovery);
  recoveryPolicy(options.recovery);
  return {
    services,
    sends,
    name: checkName(options.name ?? defaultName(services), "a bus"),
    provision,
    concurrency: options.concurrency ?? 64,
    recovery: options.recovery,
    incoming,
    outgoing,
    connectMs: toMilliseconds(timeouts.connect ?? "30s", "timeouts.connect"),
    requestMs: toMilliseconds(timeouts.request ?? "30s", "timeouts.request"),
    stopMs: toMilliseconds(timeouts.stop ?? "10s", "timeouts.stop"),
    sender: {
      sendBuffer: options.sendBuffer ?? 10_000,
      sendBufferBytes: options.sendBufferBytes ?? 134_217_728,
      timeoutMs: toMilliseconds(timeouts.publish ?? "30s", "timeouts.publish"),
    },
    onWarning: safeWarn(options.onWarning ?? warnOperator),
    environment: checkOptions("environment", options.environment ?? systemEnvironment, ENVIRONMENT_KINDS),
  };
}

/**
 * Returns a callback that never throws and writes each warning on one line: a warning quotes ids and texts that any
 * process may have written.
 */
function safeWarn(onWarning: (warning: string) => void): (warning: string) => void {
  return (warning) => quietly(() => onWarning(onOneLine(warning)));
}

function defaultName(services: readonly Service[]): string {
  return (services.length === 1 ? services[0]?.name : undefined) ?? "waybill";
}
