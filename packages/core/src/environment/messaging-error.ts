import { propertyOf } from "./describe-thrown.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import { bearsMark, markClass, markOf } from "./marks.ts";
import { onOneLine } from "./printable.ts";

export { describeThrown } from "./describe-thrown.ts";

const MARK = markOf("MessagingError");

/** What an error is made of. Texts are sentences: they are joined into the error's message. */
export interface ErrorFacts {
  /** What happened, and to which message or entity. */
  readonly what: string;
  /** What the reader can do about it. */
  readonly advice: string;
  /** The id of the message it happened to. */
  readonly messageId?: string | undefined;
  /** Sending only: whether the broker may hold the message all the same, so that a resend may duplicate it. */
  readonly maybeStored?: boolean | undefined;
  /** Whether the same call may succeed in a moment, where the code alone does not say so: see {@link isRetriable}. */
  readonly isRetriable?: boolean | undefined;
  /** The underlying error, kept as it was thrown. */
  readonly cause?: unknown;
}

/**
 * The one error class of the library. Tell errors apart by {@link MessagingError.code}, never by their text. A process may
 * hold two copies of core: `instanceof` and {@link isMessagingError} recognise the errors of both.
 */
export class MessagingError extends Error {
  override readonly name: string = "MessagingError";
  readonly code: ErrorCode;
  readonly advice: string;
  // Present only where they are known: a console prints every property that an error has.
  declare readonly messageId: string | undefined;
  declare readonly maybeStored: boolean | undefined;
  /** Absent: the code says it. */
  declare readonly isRetriable: boolean | undefined;

  static {
    markClass(this, MARK);
  }

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const options = facts.cause === undefined ? undefined : { cause: facts.cause };
    // Ids and remote texts may be anybody's: they must not break the line that a log gives an error.
    super(`${onOneLine(facts.what)} ${facts.advice} [${code}]`, options);
    this.code = code;
    this.advice = facts.advice;
    if (facts.messageId !== undefined) this.messageId = facts.messageId;
    if (facts.maybeStored !== undefined) this.maybeStored = facts.maybeStored;
    if (facts.isRetriable !== undefined) this.isRetriable = facts.isRetriable;
  }

  /** What the code means in general, and what to do about this error. */
  get help(): string {
    return `${ERROR_CODES[this.code]} ${this.advice}`;
  }
}

/** Whether an unknown value is a {@link MessagingError}, of one code if given. */
export function isMessagingError(error: unknown, code?: ErrorCode): error is MessagingError {
  return bearsMark(error, MARK) && (code === undefined || propertyOf(error, "code") === code);
}

/**
 * Whether the same call may succeed in a moment: the broker is away, starts, or elects. `connect-failed` is retriable
 * unless its error says that it is not, as of a refused password; every code is retriable whose error says that it is.
 */
export function isRetriable(error: unknown): boolean {
  if (!isMessagingError(error)) return false;
  return error.isRetriable ?? RETRIABLE.has(error.code);
}

const RETRIABLE: ReadonlySet<ErrorCode> = new Set(["connect-failed", "disconnected", "blocked"]);
