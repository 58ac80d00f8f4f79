import type { GivenOptions } from "../../environment/check-options.ts";
import type { Environment } from "../../environment/environment.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Transport } from "../../spi/transport.ts";
import { BROKER_NAMES, type BrokerName } from "./schemes.ts";
import { loadTransport } from "./load-transport.ts";
import { isSecret, lookUp, revealed, type Secret } from "./secret.ts";

/** The environment variable with the default transport URL. */
export const TRANSPORT_VARIABLE = "WAYBILL_TRANSPORT";

/** The transport option, with the options of each broker. */
export type TransportChoice = {
  readonly transport?: string | Secret | Transport | undefined;
} & { readonly [Broker in BrokerName]?: GivenOptions };

/** The transport of a bus, with a warning for each ignored option. */
export interface ChosenTransport {
  readonly transport: Transport;
  readonly warnings: readonly string[];
}

/**
 * Creates the transport with the options of its broker. Secrets are read here, and only those of that broker.
 * @throws MessagingError `unknown-transport`, `transport-not-installed`, `invalid-option`
 */
export async function chooseTransport(
  choice: TransportChoice,
  environment: Environment,
): Promise<ChosenTransport> {
  const given = choice.transport === undefined ? lookUp(TRANSPORT_VARIABLE) : choice.transport;
  if (given === undefined)
    throw new MessagingError("invalid-option", {
      what: `createBus was given no transport, and ${TRANSPORT_VARIABLE} is not set.`,
      advice: `Give createBus a transport, or set ${TRANSPORT_VARIABLE} to a URL, such as memory: for a broker in the process.`,
    });
  const url = isSecret(given) ? given.reveal() : given;
  if (typeof url !== "string")
    return { transport: checkTransport(url), warnings: ignored(choice, "given ready-made") };
  let used: BrokerName | undefined;
  const transport = await loadTransport(url, environment, (broker) => {
    used = broker;
    return revealed(choice[broker]) as GivenOptions | undefined;
  });
  return { transport, warnings: ignored(choice, used) };
}

const METHODS = [
  "connect",
  "provision",
  "publish",
  "subscribe",
  "openReplyInbox",
  "onState",
  "depth",
  "close",
];

/** Checks the methods, not the class: an application, or another copy of core, may have created the transport. */
function checkTransport(given: unknown): Transport {
  const methods = Object(given) as Readonly<Record<string, unknown>>;
  if (METHODS.every((name) => typeof methods[name] === "function")) return given as Transport;
  throw new MessagingError("invalid-option", {
    what: `The option transport is ${kindOf(given)}, not a URL as text, a secret or a transport.`,
    advice:
      "Give a text such as memory:, fromEnv(…) or fromFile(…), or the result of an adapter's function such as rabbitmqTransport({ url }).",
  });
}

/** Describes a value without printing it: a URL may hold a password. */
function kindOf(value: unknown): string {
  if (value instanceof URL) return "a URL object, whose text is its href";
  if (value instanceof Promise) return "a promise that was not awaited";
  return value === null ? "null" : `a value of type ${typeof value}`;
}

/** Returns one warning for each other broker that has options. */
function ignored(
  choice: TransportChoice,
  used: BrokerName | "given ready-made" | undefined,
): readonly string[] {
  return BROKER_NAMES.flatMap((broker) => {
    const names = Object.keys(choice[broker] ?? {});
    if (broker === used || names.length === 0) return [];
    return [`The options of ${broker} (${names.join(", ")}) are ignored: the transport is ${used}.`];
  });
}
