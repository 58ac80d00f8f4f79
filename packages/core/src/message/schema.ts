import type { StandardSchemaV1 } from "@standard-schema/spec";

/** A schema of any library that speaks Standard Schema 1 (zod, valibot, arktype ...). */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
/** What a sender gives. */
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>;
/** What a handler gets: the input after the schema's defaults and transforms. */
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>;
/** What a schema says of a value. */
export type SchemaResult<Output = unknown> = StandardSchemaV1.Result<Output>;

/** The issues of a failed validation on one line: `address: too short; items.0.price: expected number`. */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues
    .map(({ path, message }) => `${path?.map(segment).join(".") ?? "data"}: ${message}`)
    .join("; ");
}

function segment(step: PropertyKey | StandardSchemaV1.PathSegment): string {
  return String(typeof step === "object" ? step.key : step);
}
