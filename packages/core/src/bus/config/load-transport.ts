import type { GivenOptions } from "../../environment/check-options.ts";
import type { Environment } from "../../environment/environment.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { loadPackage } from "../../runtime/load-module.ts";
import type { Transport, TransportFactory } from "../../spi/transport.ts";
import { SCHEMES, brokerOf, packageOf, type BrokerName } from "./schemes.ts";

/**
 * Loads the adapter of a URL's scheme and creates its transport. No error text contains the URL: it may hold a password.
 * @param options returns the adapter's own options by the name of its broker
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
      what: "The transport URL does not begin with a known scheme.",
      advice: `Use one of ${SCHEMES.join(":, ")}:, or pass a transport that its own package created.`,
    });
  const createTransport = await factoryOf(packageOf(broker));
  return createTransport(url, environment, options(broker));
}

/** Returns the transport factory of an adapter package. @throws MessagingError `transport-not-installed` */
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
      `Reinstall it: npm install ${name}`,
      cause,
    );
  }
  if (loaded === undefined)
    throw notInstalled(
      `The adapter package ${name} is not installed: Node finds it neither from the program's entry point nor from the working directory.`,
      `Run: npm install ${name}. A bundled program cannot load it by URL: import ${makerOf(name)} from ${name} there and pass transport: ${makerOf(name)}({ url }).`,
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

/** Returns the name of an adapter's own factory, such as `rabbitmqTransport` of `@waybill/rabbitmq`. */
function makerOf(name: string): string {
  return `${name.slice(name.indexOf("/") + 1)}Transport`;
}

function notInstalled(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError("transport-not-installed", { what, advice, cause });
}
