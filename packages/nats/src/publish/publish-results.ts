import { refusal } from "@waybill/core/transport-kit";
import { STORED, type PublishFailure, type PublishResult } from "@waybill/core/transport";
import { API } from "../errors.ts";

/** An acknowledgement reads `{"stream":…`, a refusal `{"error":…` (NATS: JetStream wire API, publish). */
const FIRST_OF_STREAM = "s".charCodeAt(0);

/** An acknowledgement of what was there already ends with `"duplicate": true}`, any other with a number. */
const LAST_OF_TRUE = "e".charCodeAt(0);

interface Answer {
  readonly error?: Refused;
  readonly seq?: number;
  readonly duplicate?: boolean;
}

const UNDECIDED: PublishResult = {
  ok: false,
  error: {
    ...refusal("disconnected", "The servers of the stream have not agreed on the message yet."),
    maybeStored: true,
  },
};

/** What the server answered to a publish; `nobody`: nothing listens on the subject, not even a stream. */
export function resultIn(data: Uint8Array): PublishResult | "nobody" {
  if (data[2] === FIRST_OF_STREAM && data[data.length - 2] !== LAST_OF_TRUE) return STORED;
  if (data.length === 0) return "nobody";
  try {
    const { error, seq, duplicate } = JSON.parse(Buffer.from(data).toString()) as Answer;
    // Servers before 2.11 take a message for stored that their cluster has not agreed on, which has no place in it yet.
    if (error === undefined) return duplicate === true && seq === 0 ? UNDECIDED : STORED;
    return { ok: false, error: refusalOf(error) };
  } catch (error) {
    const failure = refusal("rejected", "NATS answered something that is no JSON.", error);
    return { ok: false, error: { ...failure, maybeStored: true } };
  }
}

/** What the server says instead of storing. */
interface Refused {
  /** As in HTTP. */
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** What that means (nats-server, server/errors.json). */
function refusalOf({
  code = 0,
  err_code: number = 0,
  description = "no reason given",
}: Refused): PublishFailure {
  const text = `NATS did not store the message: ${description} (${number === 0 ? code : number}).`;
  if (isUndecided(code, number, description)) return { ...refusal("disconnected", text), maybeStored: true };
  return refusal(MEANINGS.get(number) ?? "rejected", text);
}

/** The servers have not agreed on the message yet, or cannot at the moment: it may be stored all the same. */
function isUndecided(code: number, number: number, description: string): boolean {
  if (number === API.inProcess) return true;
  return (number === 0 && code === UNAVAILABLE) || (number === API.storeFailed && /closed/.test(description));
}

const UNAVAILABLE = 503;

const MEANINGS: ReadonlyMap<number, PublishFailure["code"]> = new Map([
  [API.messageTooLarge, "too-large"],
  [API.headersTooLarge, "too-large"],
  // The account or the disk is full: that may pass. A full stream is somebody's setting, and refuses for good.
  [API.insufficientResources, "blocked"],
  [API.storageExceeded, "blocked"],
  [API.memoryExceeded, "blocked"],
  [API.tooManyRequests, "blocked"],
  [API.unavailable, "disconnected"],
]);

/** What becomes of a message of so many bytes, headers included, where it is too large. */
export function sizeProblem(size: number, largest: number | undefined): PublishResult | undefined {
  if (largest === undefined || size <= largest) return undefined;
  return {
    ok: false,
    error: refusal("too-large", `${size} bytes are more than the ${largest} that NATS takes.`),
  };
}

/** `max_control_line` of a server that is set up as it is delivered; no server tells its own. */
const LONGEST_LINE = 4_096;
/** The verb, two sizes and what parts them (NATS client protocol: HPUB). */
const REST_OF_LINE = 40;

/** What becomes of a message whose subjects make a longer line than the server reads. */
export function lineProblem(subject: string, reply: string = ""): PublishResult | undefined {
  const size = Buffer.byteLength(subject) + Buffer.byteLength(reply) + REST_OF_LINE;
  if (size <= LONGEST_LINE) return undefined;
  return {
    ok: false,
    error: refusal(
      "rejected",
      `A subject of ${subject.length} characters makes a line of ${size} bytes: NATS takes ${LONGEST_LINE}.`,
    ),
  };
}
