import { checkOptions, type GivenOptions, type OptionKinds } from "../../environment/check-options.ts";
import { type Duration, toMilliseconds } from "../../environment/duration.ts";
import { systemEnvironment, type Environment } from "../../environment/environment.ts";
import { quietly } from "../../environment/quietly.ts";
import { onOneLine } from "../../environment/printable.ts";
import { checkContracts, type Contract } from "../../message/contract.ts";
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

/** What `createBus` is told. */
export interface BusOptions {
  /**
   * A URL such as `memory:`, `amqp://…`, `nats://…`, `kafka://…`, where one comes from, or a transport made by its own
   * package. Default: what the environment says as `WAYBILL_TRANSPORT`, or in the file that `WAYBILL_TRANSPORT_FILE` names.
   */
  readonly transport?: string | Secret | Transport | undefined;
  /** What an adapter is told besides the URL, under its broker's name: its package documents it. Those of brokers that do not run are ignored, and said to be. */
  readonly memory?: GivenOptions;
  readonly rabbitmq?: GivenOptions;
  readonly nats?: GivenOptions;
  readonly kafka?: GivenOptions;
  /** The services that run in this process. */
  readonly services?: readonly Service[];
  /** Contracts this process sends without handling them: their destinations are then provisioned, or verified, at start. */
  readonly sends?: readonly Contract[];
  /** The source of messages that no handler sends. Default: the only service's name, else `waybill`. */
  readonly name?: string;
  /** What `start` does about destinations: create what is missing (default), only check, or trust. */
  readonly provision?: ProvisionMode;
  /** How many messages of one source are handled at a time. Default 64. */
  readonly concurrency?: number;
  /** What is done about failing handlers, unless their service or they themselves say otherwise. */
  readonly recovery?: RecoveryOptions;
  /** The application's own steps around all messages. */
  readonly middleware?: Middleware;
  readonly timeouts?: Timeouts;
  /** How many messages may wait while the broker is away. Default 10,000. */
  readonly sendBuffer?: number;
  /** How many bytes they may have together. Default 134,217,728 (128 MiB). */
  readonly sendBufferBytes?: number;
  /**
   * Told what was said in vain, when the bus is made, which `explain` tells too; and later what the transport has to say
   * that no error does. Default: a warning of the process.
   */
  readonly onWarning?: (notice: string) => void;
  /** Time and chance, for tests; must be those of the transport. */
  readonly environment?: Environment;
}

export type ProvisionMode = "apply" | "verify" | "none";

export interface Timeouts {
  /** For `start` to reach the broker. Default 30 s. */
  readonly connect?: Duration;
  /** For a message to be stored while the broker is away. Default 30 s. */
  readonly publish?: Duration;
  /** For a reply, unless the request says otherwise. Default 30 s. */
  readonly request?: Duration;
  /** For `stop` to finish what runs. Default 10 s. */
  readonly stop?: Duration;
}

/** Options, checked, with their defaults. */
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
  readonly onWarning: (notice: string) => void;
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

/** @throws MessagingError `invalid-option`, `invalid-duration`, `invalid-name` */
export function settingsOf(given: BusOptions): Settings {
  const options = checkOptions<BusOptions>("createBus", given, KINDS);
  const timeouts = checkOptions("timeouts", options.timeouts, TIMEOUT_KINDS);
  const { services = [], sends = [], provision = "apply" } = options;
  const { incoming, outgoing } = checkMiddleware(options.middleware);
  checkServices(services);
  checkContracts(sends);
  checkRecovery("recovery", options.recovery);
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
    onWarning: quietNotice(options.onWarning ?? warnOperator),
    environment: options.environment ?? systemEnvironment,
  };
}

/** A listener must not stop the part that warns, and a warning quotes ids and texts that anybody may have written. */
function quietNotice(onWarning: (notice: string) => void): (notice: string) => void {
  return (notice) => quietly(() => onWarning(onOneLine(notice)));
}

function defaultName(services: readonly Service[]): string {
  return (services.length === 1 ? services[0]?.name : undefined) ?? "waybill";
}
