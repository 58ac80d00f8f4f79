import type { Clock } from "../../environment/clock.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { describeIssues, type Schema, type SchemaResult } from "../../message/schema.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

/** Creates the error of data that a schema refuses. @param issues what is wrong with the data */
export type Refusal = (issues: string, cause?: unknown) => MessagingError;

/** How data is validated. */
export interface Check {
  readonly refuse: Refusal;
  /** Measures how long an asynchronous schema takes. */
  readonly clock: Clock;
  /** Returns the time limit of an asynchronous schema, in milliseconds. Default and maximum: one minute. */
  readonly limitMs?: () => number | undefined;
}

/** The longest time that an asynchronous schema may take. */
const LONGEST_MS = 60_000;

/**
 * Returns the output of a schema for data; a promise when the schema is asynchronous.
 * @throws MessagingError the refusal, also when the schema throws or returns no valid result; `handler-failed` when an
 *   asynchronous schema exceeds its time limit
 */
export function checkData(schema: Schema, data: unknown, check: Check): MaybePromise<unknown> {
  let result: unknown;
  try {
    result = schema["~standard"].validate(data);
    // A library may have promises of its own.
    if (isLater(result)) result = Promise.resolve(result);
  } catch (cause) {
    throw check.refuse(`the schema threw ${describeThrown(cause)}`, cause);
  }
  return result instanceof Promise ? checkLater(result, check) : valueOf(result, check.refuse);
}

function checkLater(result: Promise<unknown>, { refuse, clock, limitMs }: Check): Promise<unknown> {
  const ms = Math.min(LONGEST_MS, Math.max(0, limitMs?.() ?? LONGEST_MS));
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => reject(schemaTimeout(ms)));
    result.then(
      (late) => {
        cancel();
        try {
          resolve(valueOf(late, refuse));
        } catch (error) {
          reject(error);
        }
      },
      (cause: unknown) => {
        cancel();
        reject(refuse(`the schema threw ${describeThrown(cause)}`, cause));
      },
    );
  });
}

function valueOf(result: unknown, refuse: Refusal): unknown {
  let checked: Checked;
  try {
    checked = readResult(result);
  } catch (cause) {
    throw refuse(`reading the result of the schema threw ${describeThrown(cause)}`, cause);
  }
  if (checked.problem !== undefined) throw refuse(checked.problem);
  return checked.value;
}

interface Checked {
  readonly problem?: string;
  readonly value?: unknown;
}

/** Any library may have created the result, and each part of it may throw when it is read. */
function readResult(result: unknown): Checked {
  if (typeof result !== "object" || result === null)
    return { problem: `the schema returned ${describeThrown(result)} instead of a result` };
  const { issues, value } = result as { readonly issues?: unknown; readonly value?: unknown };
  if (issues === undefined) return { value };
  return {
    problem: Array.isArray(issues)
      ? describeIssues(issues as Exclude<SchemaResult["issues"], undefined>)
      : `the schema returned issues that are not a list: ${describeThrown(issues)}`,
  };
}

/** Returns an error that is retried: the next try may find the schema able to answer. */
function schemaTimeout(ms: number): MessagingError {
  return new MessagingError("handler-failed", {
    what: `A schema returned no result within ${ms} ms.`,
    advice: "Find out what its asynchronous checks wait for.",
  });
}
