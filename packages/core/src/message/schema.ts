import type { StandardSchemaV1 } from "@standard-schema/spec";
import { atMost } from "../environment/printable.ts";

/** A schema of any library that implements Standard Schema 1 (zod, valibot, arktype ...). */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
/** The data that a sender gives. */
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>;
/** The data that a handler gets: the input after the schema's defaults and transforms. */
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>;
/** The result of validating a value. */
export type SchemaResult<Output = unknown> = StandardSchemaV1.Result<Output>;

/** A message may have millions of issues; the first ones are enough. */
const MOST_ISSUES = 10;
const DEEPEST_PATH = 20;
const LONGEST_ISSUE = 300;

/**
 * Returns the first issues of a failed validation on one line: `address: too short; items.0.price: expected number; and 7
 * more issues`. An issue of a faulty library may throw when it is read; it is counted like any other.
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
    // For data that is invalid as a whole, some libraries give no path, and some an empty one.
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
