import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import { Arbitrary } from "fast-check";
import type { Property } from "../properties/property.ts";
import type { MakeApp } from "../simulate/explorer.ts";

/** What a module may export for a simulation on several threads. */
export interface Application {
  readonly app: MakeApp<unknown>;
  readonly input: Arbitrary<unknown> | undefined;
  readonly properties: readonly Property[] | undefined;
}

/** @throws MessagingError `invalid-option` */
export async function applicationOf(module: URL): Promise<Application> {
  const { app, input, properties } = await exportsOf(module);
  if (typeof app !== "function")
    throw invalid(
      `The module ${module.href} exports no function \`app\`.`,
      "Export what makes the application of one run: export const app = (world) => ({ ... }).",
    );
  if (input !== undefined && !(input instanceof Arbitrary))
    throw invalid(
      `The \`input\` that ${module.href} exports is no arbitrary.`,
      "Export an arbitrary of fast-check, the same copy as @waybill/testing uses.",
    );
  if (properties !== undefined && !Array.isArray(properties))
    throw invalid(
      `The \`properties\` that ${module.href} exports are no list.`,
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
      "Give the URL of a module that Node can load by itself; where it is TypeScript, execArgv may name a loader.",
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
