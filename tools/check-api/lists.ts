import { createBus, event, service } from "@waybill/core";
import { z } from "zod";
import { ERROR_CODES } from "../../packages/core/src/environment/error-codes.ts";
import { ATTRIBUTE, BINARY_PREFIX, HEADER } from "../../packages/core/src/message/headers.ts";
import type { Approved } from "./approved.ts";

/** The names that appear in messages, logs and dead letters, and the order of the pipeline steps. */
export async function listTexts(): Promise<readonly Approved[]> {
  const attributes = Object.values(ATTRIBUTE);
  return [
    { file: "error-codes.txt", text: sorted(Object.keys(ERROR_CODES)) },
    {
      file: "headers.txt",
      text: sorted([
        ...Object.values(HEADER),
        ...attributes.map((name) => `${name} (CloudEvents attribute)`),
        `${BINARY_PREFIX} (before attributes in binary mode)`,
      ]),
    },
    { file: "pipeline.txt", text: await pipelineText() },
  ];
}

function sorted(names: readonly string[]): string {
  return `${names.toSorted().join("\n")}\n`;
}

/** The text of `explain` for a bus with one middleware in each direction, so that their positions are visible. */
async function pipelineText(): Promise<string> {
  const Requested = event("approval.asked-for", { data: z.object({}) });
  const bus = await createBus({
    transport: "memory:",
    services: [service("approval").on(Requested, () => undefined)],
    middleware: {
      outgoing: [{ name: "of yours", run: (envelope, next) => next(envelope) }],
      incoming: [{ name: "of yours", run: (_context, next) => next() }],
    },
  });
  const { outgoing, incoming } = bus.explain();
  return [["outgoing", ...outgoing].join("\n  "), ["incoming", ...incoming].join("\n  "), ""].join("\n");
}
