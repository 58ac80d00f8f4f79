import { BINARY_PREFIX, HEADER } from "./headers.ts";

/**
 * For adapters: reads our own headers from messages that anybody may have written. A value out of its range is
 * `undefined`, which every caller treats as if the header were absent. Nothing here throws.
 */

/** A policy has at most 1,000 delayed rounds. What the header counts beyond this number was written by somebody else. */
export const MOST_ATTEMPTS = 1_000_000;
/** Every broker takes an address of this length. */
export const LONGEST_REPLY_ADDRESS = 255;
/** A broker refuses longer headers, or cannot forward them. */
const LONGEST_ID = 65_535;
/** How far the clocks of two processes may differ: a due time is written by one process and read by another. */
const CLOCK_SKEW_MS = 86_400_000;

/** The prefix of a header name that an adapter has escaped. */
export const ESCAPE_MARK = "%";
const FAILURE_PREFIX = "waybill-failure-";
const ASIDE_PREFIX = "foreign-";

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
/** Printable ASCII without spaces and without the wildcards of any broker (`*`, `>`, `#`). */
const ADDRESS = /^[!"$-)+-=?-~]+$/;

/** @returns a lane below `lanes`; nothing for a source without lanes */
export function readLane(text: unknown, lanes: number | undefined): number | undefined {
  const lane = readWholeNumber(text);
  return lane !== undefined && lanes !== undefined && lane < lanes ? lane : undefined;
}

/** @returns how many rounds came before: from 1 to {@link MOST_ATTEMPTS} */
export function readAttempt(text: unknown): number | undefined {
  const attempt = readWholeNumber(text);
  return attempt !== undefined && attempt >= 1 && attempt <= MOST_ATTEMPTS ? attempt : undefined;
}

/**
 * @param nowMs the time by the reader's clock
 * @param longestDelayMs the transport's longest delay
 * @returns milliseconds since the Unix epoch, in the past or within the longest delay and a day
 */
export function readDueTime(text: unknown, nowMs: number, longestDelayMs: number): number | undefined {
  const due = readWholeNumber(text);
  return due !== undefined && due <= nowMs + longestDelayMs + CLOCK_SKEW_MS ? due : undefined;
}

/** @returns an id of 1 to 65,535 characters */
export function readId(text: unknown): string | undefined {
  return typeof text === "string" && text !== "" && text.length <= LONGEST_ID ? text : undefined;
}

/**
 * Whether a text is a reply address that a transport may have made: at most 255 characters of printable ASCII, without
 * spaces and wildcards.
 * @param form the prefix of the transport's addresses, or their whole pattern (without the flags `g` and `y`)
 */
export function isReplyAddress(text: unknown, form: string | RegExp): text is string {
  if (typeof text !== "string" || text.length > LONGEST_REPLY_ADDRESS || !ADDRESS.test(text)) return false;
  return typeof form === "string" ? text.startsWith(form) && text.length > form.length : form.test(text);
}

/** Whether a header reads as one of those that a dead letter says its failure with, also if its name is escaped. */
export function isFailureHeader(name: string): boolean {
  const plain = unmarked(name).toLowerCase();
  return plain.startsWith(FAILURE_PREFIX) || plain === HEADER.setAside;
}

/** The same headers without failure headers, also without those whose names are escaped. */
export function dropFailureHeaders<Value>(
  headers: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return renamed(headers, (name) => (isFailureHeader(name) ? undefined : name));
}

/**
 * The name under which a foreign failure header is kept in a dead letter, where it cannot be mistaken for ours:
 * `foreign-waybill-failure-source`. Any other name stays as it is.
 */
export function nameAside(name: string): string {
  return isFailureHeader(name) ? ASIDE_PREFIX + unmarked(name) : name;
}

/** The same headers with foreign failure headers moved aside, for a dead letter. Ours are added afterwards. */
export function moveFailureHeadersAside<Value>(
  headers: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return renamed(headers, nameAside);
}

function unmarked(name: string): string {
  let at = 0;
  while (name[at] === ESCAPE_MARK) at += 1;
  return name.slice(at);
}

function renamed<Value>(
  headers: Readonly<Record<string, Value>>,
  rename: (name: string) => string | undefined,
): Readonly<Record<string, Value>> {
  const entries = Object.entries(headers);
  if (!entries.some(([name]) => rename(name) !== name)) return headers;
  const kept = entries.flatMap(([name, value]): [string, Value][] => {
    const as = rename(name);
    return as === undefined ? [] : [[as, value]];
  });
  return Object.fromEntries(kept); // defines a header named `__proto__`, which an assignment would not
}

function readWholeNumber(text: unknown): number | undefined {
  const shown = typeof text === "number" ? String(text) : text;
  if (typeof shown !== "string" || !WHOLE_NUMBER.test(shown)) return undefined;
  const number = Number(shown);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The readers and writers of our own headers. */
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

/** For adapters: the readers and writers of our own headers, as one value. */
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
