import type { Contract, InputOf, Schema } from "@waybill/core";
import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import type { Arbitrary } from "fast-check";
import { fromJsonSchema } from "./from-json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * After this many refusals in a row the generation fails: the schema has a rule that its JSON Schema does not state.
 */
const MOST_REFUSALS = 1_000;

/**
 * Returns an arbitrary of the data of a contract. A schema that describes itself as JSON Schema, as those of zod 4.2 and
 * arktype 2.1.28 do (Standard JSON Schema, `~standard.jsonSchema`), needs no `supplied` arbitrary. For other schemas, `supplied`
 * generates the data. The schema validates all generated data, and the arbitrary skips data that the schema refuses.
 * @throws MessagingError `invalid-option` without a JSON Schema and without `supplied`; during generation, when the schema
 * refuses 1,000 values in a row
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
        `The schema of ${contract.kind} ${contract.name} refused ${MOST_REFUSALS} generated values in a row; the last issue: ${issue ?? ""}.`,
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
      `arbitraryOf cannot generate data from the schema of ${kind} ${name} (${vendor}): ${describeThrown(cause)}.`,
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

/** Returns the schema's first issue with some data. An asynchronous schema gives no issue, as its result comes too late. */
function issueOf({ data: schema }: Contract, data: unknown): string | undefined {
  const result = schema["~standard"].validate(data);
  return result instanceof Promise ? undefined : result.issues?.[0]?.message;
}

const SUPPLY = "Supply an arbitrary of its data: arbitraryOf(contract, fc.record({ ... })).";

function invalid(what: string, advice: string, cause?: unknown): MessagingError {
  return new MessagingError(
    "invalid-option",
    cause === undefined ? { what, advice } : { what, advice, cause },
  );
}
