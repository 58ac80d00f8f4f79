import { refusal } from "@waybill/core/transport-kit";
import { STORED, type PublishFailure, type PublishResult } from "@waybill/core/transport";
import { API } from "../errors.ts";

/** An acknowledgement reads `{"stream":…`, a refusal `{"error":…` (NATS: JetStream wire API, publish). */
const FIRST_OF_STREAM = "s".charCodeAt(0);

/** An acknowledgement of a duplicate ends with `"duplicate": true}`, any other with a number. */
const LAST_OF_TRUE = "e".charCodeAt(0);

interface Answer {
  readonly error?: ApiError;
  readonly seq?: number;
  readonly duplicate?: boolean;
}

const UNDECIDED: PublishResult = {
  ok: false,
  error: {
    ...refusal(
      "disconnected",
      "The servers of the stream have not agreed on the message yet, so it may be stored later.",
    ),
    maybeStored: true,
  },
};

/** Returns the result in the server's answer to a publish; `no responders` if no stream takes the subject at present. */
export function resultIn(data: Uint8Array): PublishResult | "no responders" {
  if (data[2] === FIRST_OF_STREAM && data[data.length - 2] !== LAST_OF_TRUE) return STORED;
  if (data.length === 0) return "no responders";
  try {
    const { error, seq, duplicate } = JSON.parse(Buffer.from(data).toString()) as Answer;
    // Servers before 2.11 confirm a duplicate whose original their cluster has not agreed on; it has the sequence 0.
    if (error === undefined) return duplicate === true && seq === 0 ? UNDECIDED : STORED;
    return { ok: false, error: refusalOf(error) };
  } catch (error) {
    const failure = refusal(
      "rejected",
      "NATS answered a publish with invalid JSON, so the message may be stored.",
      error,
    );
    return { ok: false, error: { ...failure, maybeStored: true } };
  }
}

/** The error in an answer of JetStream. */
interface ApiError {
  /** An HTTP status code. */
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** Returns the failure that an error stands for (nats-server, server/errors.json). */
function refusalOf({
  code = 0,
  err_code: number = 0,
  description = "no reason was given",
}: ApiError): PublishFailure {
  const text = `NATS did not store the message: ${description} (${number === 0 ? code : number}).`;
  if (isUndecided(code, number, description)) return { ...refusal("disconnected", text), maybeStored: true };
  return refusal(MEANINGS.get(number) ?? "rejected", text);
}

/**
 * Returns whether the servers of the stream have not agreed on the message yet, or cannot agree at the moment. It may
 * be stored.
 */
function isUndecided(code: number, number: number, description: string): boolean {
  if (number === API.inProcess) return true;
  return (number === 0 && code === UNAVAILABLE) || (number === API.storeFailed && /closed/.test(description));
}

const UNAVAILABLE = 503;

const MEANINGS: ReadonlyMap<number, PublishFailure["code"]> = new Map([
  [API.messageTooLarge, "too-large"],
  [API.headersTooLarge, "too-large"],
  // A full account or disk is temporary. A full stream has reached a configured limit, so it refuses for good.
  [API.insufficientResources, "blocked"],
  [API.storageExceeded, "blocked"],
  [API.memoryExceeded, "blocked"],
  [API.tooManyRequests, "blocked"],
  [API.unavailable, "disconnected"],
]);

/** Returns the failure of a message with too many bytes of body and headers, undefined if it fits. */
export function sizeProblem(size: number, largest: number | undefined): PublishResult | undefined {
  if (largest === undefined || size <= largest) return undefined;
  return {
    ok: false,
    error: refusal(
      "too-large",
      `The message has ${size} bytes with its headers; NATS takes at most ${largest}.`,
    ),
  };
}

/** The default of `max_control_line`; a server does not report its own. */
const LONGEST_LINE = 4_096;
/** The most bytes of the verb, two sizes and spaces (NATS client protocol: HPUB). */
const REST_OF_LINE = 40;

/** Returns the failure of a message whose subjects make the protocol line longer than the server reads, undefined if it fits. */
export function lineProblem(subject: string, reply: string = ""): PublishResult | undefined {
  const size = Buffer.byteLength(subject) + Buffer.byteLength(reply) + REST_OF_LINE;
  if (size <= LONGEST_LINE) return undefined;
  return {
    ok: false,
    error: refusal(
      "rejected",
      `The subject of ${subject.length} characters makes a protocol line of ${size} bytes; NATS takes at most ${LONGEST_LINE}. Use shorter names.`,
    ),
  };
}
