import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import { Arbitrary } from "fast-check";
import type { Property } from "../properties/property.ts";
import type { MakeApp } from "../simulate/explorer.ts";

/** The exports of a module for a simulation on several threads. */
export interface Application {
  readonly app: MakeApp<unknown>;
  readonly input: Arbitrary<unknown> | undefined;
  readonly properties: readonly Property[] | undefined;
}

/**
 * Loads the application that a module exports.
 * @throws MessagingError `invalid-option` when the module does not load or exports something else
 */
export async function applicationOf(module: URL): Promise<Application> {
  const { app, input, properties } = await exportsOf(module);
  if (typeof app !== "function")
    throw invalid(
      `The module ${module.href} exports no function \`app\`.`,
      "Export the function that makes the application of one run: export const app = (world) => ({ ... }).",
    );
  if (input !== undefined && !(input instanceof Arbitrary))
    throw invalid(
      `The export \`input\` of ${module.href} is not an arbitrary.`,
      "Export an arbitrary of the copy of fast-check that @waybill/testing uses.",
    );
  if (properties !== undefined && !Array.isArray(properties))
    throw invalid(
      `The export \`properties\` of ${module.href} is not a list.`,
      "Export a list of properties.",
    );
  return { app: app as MakeApp<unknown>, input, properties: properties as readonly Property[] | undefined };
}

async function exportsOf(module: URL): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(module.href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw invalid(
      `The module ${module.href} cannot be loaded: ${describeThrown(cause)}.`,
      "Give the URL of a module that Node can load; for TypeScript, name a loader in the option execArgv.",
      cause,
    );
  }
}

function invalid(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError(
    "invalid-option",
    cause === undefined ? { what, advice } : { what, advice, cause },
  );
}
