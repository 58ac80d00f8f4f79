import { describeWithCauses, textOf } from "../environment/describe-thrown.ts";
import { isMessagingError } from "../environment/messaging-error.ts";
import { atMost } from "../environment/printable.ts";
import { HEADER, type Headers } from "../message/headers.ts";
import { ERROR_CODES, type ErrorCode } from "../environment/error-codes.ts";
import type { Source } from "../spi/destination.ts";

/** Where and when a message was given up. */
export interface FailurePlace {
  readonly source: Source;
  /** Absent for what has no order. */
  readonly lane: number | undefined;
  /** RFC 3339. */
  readonly time: string;
  /** How often the handler ran, over all deliveries. */
  readonly tries: number;
}

/** A header must stay small: brokers limit the sum of all. */
const LONGEST_TEXT = 1_000;

/** What a dead letter says about its failure, besides the untouched message. */
export function failureHeaders(failure: unknown, place: FailurePlace): Headers {
  return {
    [HEADER.failureCode]: failureCode(failure),
    [HEADER.failureMessage]: atMost(describeWithCauses(failure), LONGEST_TEXT),
    [HEADER.failureTime]: place.time,
    [HEADER.failureService]: place.source.group,
    [HEADER.failureTries]: String(place.tries),
    [HEADER.failureSource]: sourceText(place.source),
    ...(place.lane !== undefined && { [HEADER.failureLane]: String(place.lane) }),
  };
}

/** A source as one word: `queue:name` or `topic:name`. */
export function sourceText(source: Source): string {
  return source.kind === "dead-letters" ? source.kind : `${source.kind}:${source.name}`;
}

/** The code of a library error; what a handler throws is `handler-failed`. */
export function failureCode(failure: unknown): ErrorCode {
  const code = isMessagingError(failure) ? textOf(failure, "code") : undefined;
  return code !== undefined && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : "handler-failed";
}
