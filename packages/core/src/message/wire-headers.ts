import { BINARY_PREFIX, HEADER } from "./headers.ts";

/**
 * For adapters: reads Waybill's own headers from messages that other systems may have written. A value out of its range is
 * `undefined`, which every caller treats as an absent header. No function here throws.
 */

/**
 * The largest attempt count that is accepted. Waybill writes no larger one, because a policy has at most 1,000
 * delayed rounds.
 */
export const MOST_ATTEMPTS = 1_000_000;
/** Every broker accepts an address of this length. */
export const LONGEST_REPLY_ADDRESS = 255;
/** At least one broker refuses longer headers, or cannot forward them. */
const LONGEST_ID = 65_535;
/** The allowed difference of clocks: one process writes a due time, another one reads it. */
const CLOCK_SKEW_MS = 86_400_000;

/** The prefix of a header name that an adapter has escaped. */
export const ESCAPE_MARK = "%";
const FAILURE_PREFIX = "waybill-failure-";
const ASIDE_PREFIX = "foreign-";

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
/** Printable ASCII without spaces and without the wildcards of any broker (`*`, `>`, `#`). */
const ADDRESS = /^[!"$-)+-=?-~]+$/;

/** Returns a lane below `lanes`; undefined for a source without lanes. */
export function readLane(text: unknown, lanes: number | undefined): number | undefined {
  const lane = readWholeNumber(text);
  return lane !== undefined && lanes !== undefined && lane < lanes ? lane : undefined;
}

/** Returns the number of earlier rounds, from 1 to {@link MOST_ATTEMPTS}. */
export function readAttempt(text: unknown): number | undefined {
  const attempt = readWholeNumber(text);
  return attempt !== undefined && attempt >= 1 && attempt <= MOST_ATTEMPTS ? attempt : undefined;
}

/**
 * Returns a due time in milliseconds since the Unix epoch: in the past, or at most the longest delay and a day ahead.
 * @param nowMs the time by the reader's clock
 * @param longestDelayMs the transport's longest delay
 */
export function readDueTime(text: unknown, nowMs: number, longestDelayMs: number): number | undefined {
  const due = readWholeNumber(text);
  return due !== undefined && due <= nowMs + longestDelayMs + CLOCK_SKEW_MS ? due : undefined;
}

/** Returns an id of 1 to 65,535 characters. */
export function readId(text: unknown): string | undefined {
  return typeof text === "string" && text !== "" && text.length <= LONGEST_ID ? text : undefined;
}

/**
 * Returns whether a text is a reply address that a transport may have created: at most 255 characters of printable ASCII,
 * without spaces and wildcards.
 * @param form the prefix of the transport's addresses, or their whole pattern (without the flags `g` and `y`)
 */
export function isReplyAddress(text: unknown, form: string | RegExp): text is string {
  if (typeof text !== "string" || text.length > LONGEST_REPLY_ADDRESS || !ADDRESS.test(text)) return false;
  return typeof form === "string" ? text.startsWith(form) && text.length > form.length : form.test(text);
}

/** Returns whether a header describes the failure of a dead letter, also if its name is escaped. */
export function isFailureHeader(name: string): boolean {
  const plain = unmarked(name).toLowerCase();
  return plain.startsWith(FAILURE_PREFIX) || plain === HEADER.setAside;
}

/**
 * Returns the name under which a dead letter keeps a foreign failure header, so that it is not mistaken for ours:
 * `foreign-waybill-failure-source`. Any other name stays as it is.
 */
export function nameAside(name: string): string {
  return isFailureHeader(name) ? ASIDE_PREFIX + unmarked(name) : name;
}

/** Returns headers with foreign failure headers renamed, for a dead letter. The caller adds our own afterwards. */
export function moveFailureHeadersAside<Value>(
  headers: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const entries = Object.entries(headers);
  if (!entries.some(([name]) => isFailureHeader(name))) return headers;
  // Defines a header named `__proto__`, which an assignment would not.
  return Object.fromEntries(entries.map(([name, value]) => [nameAside(name), value]));
}

function unmarked(name: string): string {
  let at = 0;
  while (name[at] === ESCAPE_MARK) at += 1;
  return name.slice(at);
}

function readWholeNumber(text: unknown): number | undefined {
  const shown = typeof text === "number" ? String(text) : text;
  if (typeof shown !== "string" || !WHOLE_NUMBER.test(shown)) return undefined;
  const number = Number(shown);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The readers and writers of Waybill's own headers. */
export interface OwnHeaders {
  readonly cloudEventsPrefix: string;
  readonly mostAttempts: number;
  readonly readLane: typeof readLane;
  readonly readAttempt: typeof readAttempt;
  readonly readDueTime: typeof readDueTime;
  readonly readId: typeof readId;
  readonly isReplyAddress: typeof isReplyAddress;
  readonly isFailureHeader: typeof isFailureHeader;
  readonly nameAside: typeof nameAside;
  readonly moveFailureHeadersAside: typeof moveFailureHeadersAside;
}

/** For adapters: the readers and writers of Waybill's own headers, as one value. */
export const ownHeaders: OwnHeaders = {
  cloudEventsPrefix: BINARY_PREFIX,
  mostAttempts: MOST_ATTEMPTS,
  readLane,
  readAttempt,
  readDueTime,
  readId,
  isReplyAddress,
  isFailureHeader,
  nameAside,
  moveFailureHeadersAside,
};
