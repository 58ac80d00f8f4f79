import type { StandardSchemaV1 } from "@standard-schema/spec";
import { atMost } from "../environment/printable.ts";

/** A schema of any library that speaks Standard Schema 1 (zod, valibot, arktype ...). */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
/** What a sender gives. */
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>;
/** What a handler gets: the input after the schema's defaults and transforms. */
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>;
/** What a schema says of a value. */
export type SchemaResult<Output = unknown> = StandardSchemaV1.Result<Output>;

/** A message may have millions of issues: the first ones tell enough. */
const MOST_ISSUES = 10;
const DEEPEST_PATH = 20;
const LONGEST_ISSUE = 300;

/**
 * The first issues of a failed validation on one line: `address: too short; items.0.price: expected number; and 7 more
 * issues`. An issue that throws when it is read is counted like any other: a schema may be anybody's.
 */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  const shown = Array.from({ length: Math.min(issues.length, MOST_ISSUES) }, (_, at) =>
    describeIssue(() => issues[at]),
  );
  const rest = issues.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more issue${rest === 1 ? "" : "s"}` : "");
}

function describeIssue(read: () => unknown): string {
  try {
    const { path, message } = read() as {
      readonly path?: StandardSchemaV1.Issue["path"];
      readonly message: unknown;
    };
    // Of data that is wrong as a whole some libraries give no path, and some an empty one.
    const steps = path?.slice(0, DEEPEST_PATH).map(segment).join(".") || "data";
    return atMost(
      `${atMost(steps, LONGEST_ISSUE)}: ${atMost(String(message), LONGEST_ISSUE)}`,
      LONGEST_ISSUE,
    );
  } catch {
    return "an issue that cannot be described";
  }
}

function segment(step: PropertyKey | StandardSchemaV1.PathSegment): string {
  return String(typeof step === "object" ? step.key : step);
}
