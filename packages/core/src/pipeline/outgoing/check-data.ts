import type { Clock } from "../../environment/clock.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { describeIssues, type Schema, type SchemaResult } from "../../message/schema.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

/** Makes the error of data that a schema refuses; `issues` says what is wrong with it. */
export type Refusal = (issues: string, cause?: unknown) => MessagingError;

/** How a schema is asked. */
export interface Check {
  readonly refuse: Refusal;
  /** Measures how long the schema may take. */
  readonly clock: Clock;
  /** Default and most: one minute. */
  readonly limitMs?: () => number | undefined;
}

/** A schema may look something up, but it must come to an end. */
const LONGEST_MS = 60_000;

/**
 * What a schema makes of data, at once where it can be. Throws, or rejects with, the refusal; also when the schema itself
 * throws, gives nonsense, or does not end within its time.
 */
export function checkData(schema: Schema, data: unknown, check: Check): MaybePromise<unknown> {
  let result: unknown;
  try {
    result = schema["~standard"].validate(data);
    // Another realm, or a library, may have promises of its own.
    if (isLater(result)) result = Promise.resolve(result);
  } catch (cause) {
    throw check.refuse(`the schema threw ${describeThrown(cause)}`, cause);
  }
  return result instanceof Promise ? checkLater(result, check) : valueOf(result, check.refuse);
}

function checkLater(result: Promise<unknown>, { refuse, clock, limitMs }: Check): Promise<unknown> {
  const ms = Math.min(LONGEST_MS, Math.max(0, limitMs?.() ?? LONGEST_MS));
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => reject(neverEnded(ms)));
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
    throw refuse(`the schema gave a result that throws ${describeThrown(cause)}`, cause);
  }
  if (checked.problem !== undefined) throw refuse(checked.problem);
  return checked.value;
}

interface Checked {
  readonly problem?: string;
  readonly value?: unknown;
}

/** A result is an object of anybody: each part of it may throw when it is read. */
function readResult(result: unknown): Checked {
  if (typeof result !== "object" || result === null)
    return { problem: `the schema gave ${describeThrown(result)}` };
  const { issues, value } = result as { readonly issues?: unknown; readonly value?: unknown };
  if (issues === undefined) return { value };
  return {
    problem: Array.isArray(issues)
      ? describeIssues(issues as Exclude<SchemaResult["issues"], undefined>)
      : `the schema gave issues that are no list: ${describeThrown(issues)}`,
  };
}

/** Not a refusal: another try may find the schema able to answer. */
function neverEnded(ms: number): MessagingError {
  return new MessagingError("handler-failed", {
    what: `A schema gave no result within ${ms} ms.`,
    advice: "Look at what its asynchronous checks wait for.",
  });
}
