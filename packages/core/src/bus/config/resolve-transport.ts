import type { GivenOptions } from "../../environment/check-options.ts";
import type { Environment } from "../../environment/environment.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Transport } from "../../spi/transport.ts";
import { BROKER_NAMES, type BrokerName } from "./schemes.ts";
import { loadTransport } from "./load-transport.ts";
import { isSecret, lookUp, revealed, type Secret } from "./secret.ts";

/** The environment variable that names the transport where nothing else does. */
export const TRANSPORT_VARIABLE = "WAYBILL_TRANSPORT";

/** Which broker, and what each broker would be told. */
export type TransportChoice = {
  readonly transport?: string | Secret | Transport | undefined;
} & { readonly [Broker in BrokerName]?: GivenOptions };

/** The transport that is used, and what was said in vain. */
export interface ChosenTransport {
  readonly transport: Transport;
  readonly warnings: readonly string[];
}

/**
 * Makes the transport that is asked for, with the options that stand under its broker's name. Secrets are read here, and
 * only those of the broker that runs.
 * @throws MessagingError `unknown-transport`, `transport-not-installed`, `invalid-option`
 */
export async function chooseTransport(
  choice: TransportChoice,
  environment: Environment,
): Promise<ChosenTransport> {
  const given = choice.transport === undefined ? lookUp(TRANSPORT_VARIABLE) : choice.transport;
  if (given === undefined)
    throw new MessagingError("invalid-option", {
      what: `No transport is given, and ${TRANSPORT_VARIABLE} is not set.`,
      advice: `Give createBus a transport, or set ${TRANSPORT_VARIABLE} to a URL: memory: is one for the process itself.`,
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

/** A transport is known by what it does: it may come from another copy of core, or from an application. */
function checkTransport(given: unknown): Transport {
  const methods = Object(given) as Readonly<Record<string, unknown>>;
  if (METHODS.every((name) => typeof methods[name] === "function")) return given as Transport;
  throw new MessagingError("invalid-option", {
    what: `The transport is ${kindOf(given)}: neither a URL as text, nor where one comes from, nor a transport.`,
    advice:
      "Give a text such as memory:, fromEnv(…) or fromFile(…), or what an adapter's own function made, such as rabbitmqTransport({ url }).",
  });
}

/** Prints nothing of the value: a URL may hold a password. */
function kindOf(value: unknown): string {
  if (value instanceof URL) return "a URL object, whose text is its href";
  if (value instanceof Promise) return "a promise that nobody awaited";
  return value === null ? "null" : `a value of type ${typeof value}`;
}

/** Every broker's options but those of the one that runs, each by name. */
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
