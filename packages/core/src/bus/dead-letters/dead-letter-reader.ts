import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import { sleep, type Clock } from "../../environment/clock.ts";
import { MessagingError, describeThrown, isMessagingError } from "../../environment/messaging-error.ts";
import { isLater } from "../../pipeline/maybe-promise.ts";
import type { Source } from "../../spi/destination.ts";
import { ACK, RELEASE, type Delivery, type Settlement } from "../../spi/settlement.ts";
import type { Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { parseDeadLetter, replayOf } from "./dead-letter-message.ts";
import type { DeadLetter, DeadLetterOptions, DeadLetters, Replayed } from "./dead-letters.ts";

export interface DeadLetterReaderParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly store: (message: WireMessage) => Promise<void>;
  /** Returns the sources of a service of this process; undefined for a service of another process. */
  readonly sourcesOf: (service: string) => readonly Source[] | undefined;
  /** Throws when the bus is not running. */
  readonly admit: () => void;
}

/** A dead letter that this reader has received and not settled. */
interface ReceivedDeadLetter {
  readonly delivery: Delivery;
  readonly settle: (settlement: Settlement) => void;
}

const DEFAULT_LIMIT = 1_000;
/**
 * How long to wait for the next dead letter. After this time the reader assumes that another reader has received the
 * rest.
 */
const WAIT_MS = 2_000;
const KINDS: OptionKinds<DeadLetterOptions> = { where: "function", limit: "count" };
/** The pause between two queries of the queue's depth, until the broker counts the released dead letters again. */
const POLL_MS = 20;

/** The settlement of one selected dead letter, with the error of a failed replay. */
interface Outcome {
  readonly settlement: Settlement;
  readonly error?: MessagingError;
}

const RELEASED: Outcome = { settlement: RELEASE };
const REMOVED: Outcome = { settlement: ACK };

/** The error codes that concern one dead letter. After any other code no dead letter can be stored at the moment. */
const CODES_OF_ONE: ReadonlySet<unknown> = new Set([
  "unroutable",
  "too-large",
  "rejected",
  "not-permitted",
  "not-serializable",
]);

/** Returns the operations on the dead letters of one service. Each receives them, settles the selected ones and releases the others. */
export function deadLetterReader(service: string, parts: DeadLetterReaderParts): DeadLetters {
  const work = async (
    verb: keyof DeadLetters,
    given: DeadLetterOptions,
    act: (received: ReceivedDeadLetter) => Promise<Outcome>,
  ): Promise<Replayed> => {
    const { where, limit = DEFAULT_LIMIT } = checkOptions<DeadLetterOptions>(verb, given, KINDS);
    return withReceived({ service, limit }, parts, async (all) => {
      const done: DeadLetter[] = [];
      const notReplayed: Replayed["notReplayed"][number][] = [];
      let released = 0;
      for (const received of all) {
        const letter = parseDeadLetter(received.delivery.message);
        const isSelected = where === undefined || isTrue(where(letter));
        const { settlement, error } = isSelected ? await act(received) : RELEASED;
        received.settle(settlement);
        if (settlement === RELEASE) released += 1;
        if (error !== undefined) notReplayed.push({ letter, error });
        else if (isSelected) done.push(letter);
      }
      // Not enumerable, so that the result compares and prints as the list of the replayed dead letters.
      const result = Object.defineProperty(done, "notReplayed", { value: notReplayed });
      return { result: result as typeof done & { readonly notReplayed: typeof notReplayed }, released };
    });
  };
  return {
    list: (options = {}) => work("list", options, () => Promise.resolve(RELEASED)),
    discard: (options = {}) => work("discard", options, () => Promise.resolve(REMOVED)),
    replay: (options = {}) =>
      work("replay", options, ({ delivery }) => replayOne(delivery.message, service, parts)),
  };
}

async function replayOne(
  message: WireMessage,
  service: string,
  parts: DeadLetterReaderParts,
): Promise<Outcome> {
  const { newId, sourcesOf, store } = parts;
  try {
    await store(replayOf(message, { service, newId, sources: sourcesOf(service) }));
    return REMOVED;
  } catch (error) {
    if (isMessagingError(error) && CODES_OF_ONE.has(error.code)) return { settlement: RELEASE, error };
    throw error;
  }
}

/** Refuses anything but true and false: a promise is truthy and would select every dead letter, and discard removes them. */
function isTrue(answer: unknown): boolean {
  if (typeof answer === "boolean") return answer;
  if (isLater(answer)) Promise.resolve(answer).catch(() => undefined);
  throw new MessagingError("invalid-option", {
    what: `The option where of deadLetters() returned ${isLater(answer) ? "a promise" : describeThrown(answer)} instead of true or false.`,
    advice: "Give a synchronous function that returns true or false; no further dead letter was changed.",
  });
}

/** Returns a handler that replaces `unroutable` by an error with the name of the service. */
function unknownService(service: string): (error: unknown) => never {
  return (error) => {
    if (!isMessagingError(error, "unroutable")) throw error;
    throw new MessagingError("unroutable", {
      what: `deadLetters(${JSON.stringify(service)}): this broker has no dead-letter queue of a service with this name; no such service was ever started on it.`,
      advice: "Correct the name: give the name of the service, not of a contract or of a queue.",
      cause: error,
    });
  };
}

/** Receives the dead letters and keeps them in flight while `use` settles them. Releases every one that `use` leaves unsettled. */
async function withReceived<Result>(
  { service, limit }: { readonly service: string; readonly limit: number },
  { transport, clock, admit }: DeadLetterReaderParts,
  use: (
    received: readonly ReceivedDeadLetter[],
  ) => Promise<{ readonly result: Result; readonly released: number }>,
): Promise<Result> {
  admit();
  const source = { kind: "dead-letters", group: service } as const;
  const expected = Math.min(limit, (await transport.depth(source).catch(unknownService(service))).ready);
  const received: ReceivedDeadLetter[] = [];
  let onDeadLetter: () => void = () => undefined;
  const subscription = await transport.subscribe(source, (delivery) => {
    const answer = new Promise<Settlement>((settle) => received.push({ delivery, settle }));
    onDeadLetter();
    return answer;
  });
  let releasedCount = 0;
  try {
    subscription.credit(Math.max(1, expected));
    let isWaiting = true;
    while (received.length < expected && isWaiting) {
      const before = received.length;
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(WAIT_MS, resolve);
        onDeadLetter = () => {
          cancel();
          resolve();
        };
      });
      isWaiting = received.length > before;
    }
    const { result, released } = await use(received.slice(0, expected));
    releasedCount = released;
    return result;
  } finally {
    for (const { settle } of received) settle(RELEASE);
    await subscription.drain(clock.now() + WAIT_MS);
    await countedAgain(releasedCount, { transport, clock, source });
  }
}

/**
 * Waits until the broker counts the released dead letters: some brokers do so a moment later, and the next reader would
 * find none. It waits for a limited time, because another reader may have received them.
 */
async function countedAgain(
  count: number,
  {
    transport,
    clock,
    source,
  }: Pick<DeadLetterReaderParts, "transport" | "clock"> & { readonly source: Source },
): Promise<void> {
  const deadline = clock.now() + WAIT_MS;
  while (count > 0 && clock.now() < deadline) {
    const depth = await transport.depth(source).catch(() => undefined);
    if (depth === undefined || depth.ready >= count) return;
    await sleep(clock, POLL_MS);
  }
}
