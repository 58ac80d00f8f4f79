import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import { bearsMark, markClass, markOf } from "./marks.ts";

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

  static {
    markClass(this, MARK);
  }

  constructor(code: ErrorCode, facts: ErrorFacts) {
    const options = facts.cause === undefined ? undefined : { cause: facts.cause };
    super(`${facts.what} ${facts.advice} [${code}]`, options);
    this.code = code;
    this.advice = facts.advice;
    if (facts.messageId !== undefined) this.messageId = facts.messageId;
    if (facts.maybeStored !== undefined) this.maybeStored = facts.maybeStored;
  }

  /** What the code means in general, and what to do about this error. */
  get help(): string {
    return `${ERROR_CODES[this.code]} ${this.advice}`;
  }
}

/** Whether an unknown value is a {@link MessagingError}, of one code if given. */
export function isMessagingError(error: unknown, code?: ErrorCode): error is MessagingError {
  return bearsMark(error, MARK) && (code === undefined || (error as MessagingError).code === code);
}

/** The text of anything that was thrown: errors, strings, objects, even values that refuse to be printed. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === "" ? thrown.name : thrown.message;
  try {
    return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
