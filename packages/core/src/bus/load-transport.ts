import type { Ground } from "../ground/ground.ts";
import { MessagingError, describeThrown } from "../ground/messaging-error.ts";
import { loadPackage } from "../runtime/load-module.ts";
import type { Transport, TransportFactory } from "../spi/transport.ts";

/** Which package speaks which scheme. */
const PACKAGES: Readonly<Record<string, string>> = {
  memory: "@waybill/memory",
  kafka: "@waybill/kafka",
  "kafka+tls": "@waybill/kafka",
  amqp: "@waybill/rabbitmq",
  amqps: "@waybill/rabbitmq",
  nats: "@waybill/nats",
  tls: "@waybill/nats",
};

/**
 * Loads the adapter for a URL's scheme and makes its transport. The URL is never part of an error's text: it may hold a password.
 * @throws MessagingError `unknown-transport`, `transport-not-installed`, `invalid-option`
 */
export async function loadTransport(url: string, ground: Ground): Promise<Transport> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const name = scheme === undefined ? undefined : PACKAGES[scheme];
  if (name === undefined)
    throw new MessagingError("unknown-transport", {
      what: `No adapter is known for the transport ${scheme === undefined ? "(a text without a scheme)" : `${scheme}:`}.`,
      advice: `Use one of ${Object.keys(PACKAGES).join(":, ")}:, or pass a transport made by its own package.`,
    });
  return (await factoryOf(name))(url, ground);
}

async function factoryOf(name: string): Promise<TransportFactory> {
  let loaded: unknown;
  try {
    loaded = await loadPackage(name);
  } catch (cause) {
    throw notInstalled(
      `${name} is installed but cannot be loaded: ${describeThrown(cause)}.`,
      `Install it anew: npm install ${name}`,
      cause,
    );
  }
  if (loaded === undefined)
    throw notInstalled(`The adapter ${name} is not installed.`, `Run: npm install ${name}`);
  if (
    typeof loaded === "object" &&
    loaded !== null &&
    "createTransport" in loaded &&
    typeof loaded.createTransport === "function"
  )
    return loaded.createTransport as TransportFactory;
  throw notInstalled(
    `${name} exports no createTransport.`,
    `Install the version that matches @waybill/core: npm install ${name}`,
  );
}

function notInstalled(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError("transport-not-installed", { what, advice, cause });
}
