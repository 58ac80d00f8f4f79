import { propertyOf } from "./describe-thrown.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import { bearsMark, markClass, markOf } from "./marks.ts";
import { onOneLine } from "./printable.ts";

export { describeThrown } from "./describe-thrown.ts";

const MARK = markOf("MessagingError");

/** The parts of an error. Texts are sentences, which the error's message joins. */
export interface ErrorFacts {
  /** A sentence that says what happened, and to which message or entity. */
  readonly what: string;
  /** A sentence that says what to do. */
  readonly advice: string;
  /** The id of the message. */
  readonly messageId?: string | undefined;
  /**
   * For sending only: whether the broker may have stored the message all the same, so that a resend may duplicate it.
   */
  readonly maybeStored?: boolean | undefined;
  /** Whether the same call may succeed later, if the code alone does not tell: see {@link isRetriable}. */
  readonly isRetriable?: boolean | undefined;
  /** The underlying error, as it was thrown. */
  readonly cause?: unknown;
}

/**
 * The only error class of the library. Distinguish errors by {@link MessagingError.code}, never by their text. If a process
 * has two copies of core, `instanceof` and {@link isMessagingError} recognise the errors of both.
 */
export class MessagingError extends Error {
  override readonly name: string = "MessagingError";
  readonly code: ErrorCode;
  readonly advice: string;
  // Present only if they are known, because a console prints every property of an error.
  declare readonly messageId: string | undefined;
  declare readonly maybeStored: boolean | undefined;
  /** When it is absent, the code decides: see {@link isRetriable}. */
  declare readonly isRetriable: boolean | undefined;

  static {
    markClass(this, MARK);
  }

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const options = facts.cause === undefined ? undefined : { cause: facts.cause };
    // Ids and remote texts may have line breaks, which must not break the line of a log.
    super(`${onOneLine(facts.what)} ${facts.advice} [${code}]`, options);
    this.code = code;
    this.advice = facts.advice;
    if (facts.messageId !== undefined) this.messageId = facts.messageId;
    if (facts.maybeStored !== undefined) this.maybeStored = facts.maybeStored;
    if (facts.isRetriable !== undefined) this.isRetriable = facts.isRetriable;
  }

  /** The meaning of the code, followed by the advice of this error. */
  get help(): string {
    return `${ERROR_CODES[this.code]} ${this.advice}`;
  }
}

/** Returns whether a value is a {@link MessagingError}, and has the code if one is given. */
export function isMessagingError(error: unknown, code?: ErrorCode): error is MessagingError {
  return bearsMark(error, MARK) && (code === undefined || propertyOf(error, "code") === code);
}

/**
 * Returns whether the same call may succeed later, because the broker is away, starting or electing a leader. The error's own
 * `isRetriable` decides if it is present: `connect-failed` is retriable, except after a refused password, for example.
 */
export function isRetriable(error: unknown): boolean {
  if (!isMessagingError(error)) return false;
  return error.isRetriable ?? RETRIABLE.has(error.code);
}

const RETRIABLE: ReadonlySet<ErrorCode> = new Set(["connect-failed", "disconnected", "blocked"]);
