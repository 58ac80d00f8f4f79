import type { MessagingError } from "../ground/messaging-error.ts";
import { describeThrown } from "../ground/messaging-error.ts";
import { describeIssues, type Schema, type SchemaResult } from "../message/schema.ts";
import { andThen, type MaybePromise } from "./maybe-promise.ts";

/** Makes the error of data that a schema refuses; `issues` says what is wrong with it. */
export type Refusal = (issues: string, cause?: unknown) => MessagingError;

/** What a schema makes of data, at once where it can be. Throws, or rejects with, the refusal; also when the schema itself throws. */
export function checkData(schema: Schema, data: unknown, refuse: Refusal): MaybePromise<unknown> {
  let result: MaybePromise<SchemaResult>;
  try {
    result = schema["~standard"].validate(data);
  } catch (cause) {
    throw refuse(`the schema threw ${describeThrown(cause)}`, cause);
  }
  if (!(result instanceof Promise)) return valueOf(result, refuse);
  const checked = result.catch((cause: unknown) => {
    throw refuse(`the schema threw ${describeThrown(cause)}`, cause);
  });
  return andThen(checked, (late) => valueOf(late, refuse));
}

function valueOf(result: SchemaResult, refuse: Refusal): unknown {
  if (result.issues === undefined) return result.value;
  throw refuse(describeIssues(result.issues));
}
