import type { Contract, InputOf, Schema } from "@waybill/core";
import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import type { Arbitrary } from "fast-check";
import { fromJsonSchema } from "./from-json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/** In a row: then the schema wants what its JSON Schema does not say. */
const MOST_REFUSALS = 1_000;

/**
 * Data of a contract. Made from its schema where the schema describes itself as JSON Schema, as zod 4.2 and arktype 2.1.28
 * do (Standard JSON Schema, `~standard.jsonSchema`); otherwise, or where that says too little, from what is supplied. The
 * schema has the last word in both: what it refuses is not given.
 * @throws MessagingError `invalid-option` when neither is there; while data is made, when the schema refuses nearly all
 */
export function arbitraryOf<Data extends Schema>(
  contract: Contract & { readonly data: Data },
  supplied?: Arbitrary<InputOf<Data>>,
): Arbitrary<InputOf<Data>> {
  const made = supplied ?? described(contract);
  let refusals = 0;
  return made.filter((data) => {
    const issue = issueOf(contract, data);
    refusals = issue === undefined ? 0 : refusals + 1;
    if (refusals > MOST_REFUSALS)
      throw invalid(
        `The schema of ${contract.kind} ${contract.name} refuses what is made for it, ${MOST_REFUSALS} times in a row; lately: ${issue ?? ""}.`,
        supplied === undefined ? SUPPLY : "Supply an arbitrary of data that the schema accepts.",
      );
    return issue === undefined;
  });
}

function described(contract: Contract): Arbitrary<unknown> {
  const { kind, name, data } = contract;
  const standard: { readonly vendor: string; readonly jsonSchema?: unknown } = data["~standard"];
  const { vendor, jsonSchema } = standard;
  if (!isConverter(jsonSchema))
    throw invalid(
      `The schema of ${kind} ${name} (${vendor}) does not describe itself as JSON Schema.`,
      SUPPLY,
    );
  try {
    return fromJsonSchema(jsonSchema.input({ target: "draft-2020-12" }));
  } catch (cause) {
    throw invalid(
      `No data can be made from the schema of ${kind} ${name} (${vendor}): ${describeThrown(cause)}.`,
      SUPPLY,
      cause,
    );
  }
}

interface Converter {
  readonly input: (options: { readonly target: string }) => JsonSchema;
}

function isConverter(value: unknown): value is Converter {
  return typeof value === "object" && value !== null && "input" in value && typeof value.input === "function";
}

/** What the schema says against some data; of schemas that answer later nothing is known yet. */
function issueOf({ data: schema }: Contract, data: unknown): string | undefined {
  const result = schema["~standard"].validate(data);
  return result instanceof Promise ? undefined : result.issues?.[0]?.message;
}

const SUPPLY = "Supply its data: arbitraryOf(contract, fc.record({ ... })).";

function invalid(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError(
    "invalid-option",
    cause === undefined ? { what, advice } : { what, advice, cause },
  );
}
