import { describeWithCauses, textOf } from "../environment/describe-thrown.ts";
import { isMessagingError } from "../environment/messaging-error.ts";
import { atMost } from "../environment/printable.ts";
import { HEADER, type Headers } from "../message/headers.ts";
import { ERROR_CODES, type ErrorCode } from "../environment/error-codes.ts";
import type { Source } from "../spi/destination.ts";

/** The circumstances in which a message was given up. */
export interface FailureFacts {
  readonly source: Source;
  /** Undefined for a source without lanes. */
  readonly lane: number | undefined;
  /** RFC 3339. */
  readonly time: string;
  /** How often the handler ran, over all deliveries. */
  readonly tries: number;
}

/** Brokers limit the size of all headers together. */
const LONGEST_TEXT = 1_000;

/** Returns the headers that describe the failure of a dead letter. */
export function failureHeaders(failure: unknown, facts: FailureFacts): Headers {
  return {
    [HEADER.failureCode]: failureCode(failure),
    [HEADER.failureMessage]: atMost(describeWithCauses(failure), LONGEST_TEXT),
    [HEADER.failureTime]: facts.time,
    [HEADER.failureService]: facts.source.group,
    [HEADER.failureTries]: String(facts.tries),
    [HEADER.failureSource]: sourceText(facts.source),
    ...(facts.lane !== undefined && { [HEADER.failureLane]: String(facts.lane) }),
  };
}

/** Returns a source as one word: `queue:name` or `topic:name`. */
export function sourceText(source: Source): string {
  return source.kind === "dead-letters" ? source.kind : `${source.kind}:${source.name}`;
}

/** Returns the code of an error of the library, or `handler-failed` for any other thrown value. */
export function failureCode(failure: unknown): ErrorCode {
  const code = isMessagingError(failure) ? textOf(failure, "code") : undefined;
  return code !== undefined && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : "handler-failed";
}
