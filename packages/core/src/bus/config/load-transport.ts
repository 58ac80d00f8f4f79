import type { GivenOptions } from "../../environment/check-options.ts";
import type { Environment } from "../../environment/environment.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { loadPackage } from "../../runtime/load-module.ts";
import type { Transport, TransportFactory } from "../../spi/transport.ts";
import { SCHEMES, brokerOf, packageOf, type BrokerName } from "./schemes.ts";

/**
 * Loads the adapter for a URL's scheme and makes its transport. The URL is never part of an error's text: it may hold a password.
 * @param options What the adapter is told besides, by the name of its broker.
 * @throws MessagingError `unknown-transport`, `transport-not-installed`, `invalid-option`
 */
export async function loadTransport(
  url: string,
  environment: Environment,
  options: (broker: BrokerName) => GivenOptions | undefined,
): Promise<Transport> {
  const broker = brokerOf(url);
  if (broker === undefined)
    throw new MessagingError("unknown-transport", {
      what: "The transport does not begin with a scheme that an adapter is known for.",
      advice: `Use one of ${SCHEMES.join(":, ")}:, or pass a transport made by its own package.`,
    });
  const createTransport = await factoryOf(packageOf(broker));
  return createTransport(url, environment, options(broker));
}

/** What an adapter's package exports. @throws MessagingError `transport-not-installed` */
export async function factoryOf(
  name: string,
  load: typeof loadPackage = loadPackage,
): Promise<TransportFactory> {
  let loaded: unknown;
  try {
    loaded = await load(name);
  } catch (cause) {
    throw notInstalled(
      `${name} is installed but cannot be loaded: ${describeThrown(cause)}.`,
      `Install it anew: npm install ${name}`,
      cause,
    );
  }
  if (loaded === undefined)
    throw notInstalled(
      `The adapter ${name} is found neither from the program's entry point nor from the working directory.`,
      `Run: npm install ${name}. A bundle cannot load it by a URL: there import ${makerOf(name)} from ${name} and pass transport: ${makerOf(name)}({ url }).`,
    );
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

/** What makes a transport without loading: `rabbitmqTransport` of `@waybill/rabbitmq`. */
function makerOf(name: string): string {
  return `${name.slice(name.indexOf("/") + 1)}Transport`;
}

function notInstalled(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError("transport-not-installed", { what, advice, cause });
}
