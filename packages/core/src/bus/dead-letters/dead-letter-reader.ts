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
  /** What a service reads, if it is one of this process. */
  readonly sourcesOf: (service: string) => readonly Source[] | undefined;
  /** Throws when the bus is not running. */
  readonly admit: () => void;
}

interface Held {
  readonly delivery: Delivery;
  readonly settle: (settlement: Settlement) => void;
}

const DEFAULT_LIMIT = 1_000;
/** How long to wait for the next letter before the rest is taken to be held by another reader. */
const PATIENCE_MS = 2_000;
const KINDS: OptionKinds<DeadLetterOptions> = { where: "function", limit: "count" };
/** Between two looks at whether the broker counts what it was given back. */
const LOOK_MS = 20;

/** What becomes of one letter that is meant: why it was put back, if it was not asked for. */
interface Fate {
  readonly settlement: Settlement;
  readonly error?: MessagingError;
}

const PUT_BACK: Fate = { settlement: RELEASE };
const GONE: Fate = { settlement: ACK };

/** Codes that say that this letter cannot be stored; others say that at the moment nothing can. */
const OF_THE_LETTER: ReadonlySet<unknown> = new Set([
  "unroutable",
  "too-large",
  "rejected",
  "not-permitted",
  "not-serializable",
]);

/** Works on the dead letters of one service: takes them out, decides about each, puts the others back. */
export function deadLetterReader(service: string, parts: DeadLetterReaderParts): DeadLetters {
  const work = async (
    verb: keyof DeadLetters,
    given: DeadLetterOptions,
    act: (held: Held) => Promise<Fate>,
  ): Promise<Replayed> => {
    const { where, limit = DEFAULT_LIMIT } = checkOptions<DeadLetterOptions>(verb, given, KINDS);
    return withHeld({ service, limit }, parts, async (all) => {
      const done: DeadLetter[] = [];
      const notReplayed: Replayed["notReplayed"][number][] = [];
      let released = 0;
      for (const held of all) {
        const letter = parseDeadLetter(held.delivery.message);
        const isMeant = where === undefined || isTrue(where(letter));
        const { settlement, error } = isMeant ? await act(held) : PUT_BACK;
        held.settle(settlement);
        if (settlement === RELEASE) released += 1;
        if (error !== undefined) notReplayed.push({ letter, error });
        else if (isMeant) done.push(letter);
      }
      // Not enumerable: the list is compared and printed as the list of what was replayed.
      const result = Object.defineProperty(done, "notReplayed", { value: notReplayed });
      return { result: result as typeof done & { readonly notReplayed: typeof notReplayed }, released };
    });
  };
  return {
    list: (options = {}) => work("list", options, () => Promise.resolve(PUT_BACK)),
    discard: (options = {}) => work("discard", options, () => Promise.resolve(GONE)),
    replay: (options = {}) =>
      work("replay", options, ({ delivery }) => replayOne(delivery.message, service, parts)),
  };
}

async function replayOne(message: WireMessage, service: string, parts: DeadLetterReaderParts): Promise<Fate> {
  const { newId, sourcesOf, store } = parts;
  try {
    await store(replayOf(message, { service, newId, sources: sourcesOf(service) }));
    return GONE;
  } catch (error) {
    if (isMessagingError(error) && OF_THE_LETTER.has(error.code)) return { settlement: RELEASE, error };
    throw error;
  }
}

/** A promise would be true for every letter, and an answer that was forgotten is no yes: a guess would drop letters. */
function isTrue(answer: unknown): boolean {
  if (typeof answer === "boolean") return answer;
  if (isLater(answer)) Promise.resolve(answer).catch(() => undefined);
  throw new MessagingError("invalid-option", {
    what: `where of the dead letters gave ${isLater(answer) ? "a promise" : describeThrown(answer)}, which is neither true nor false.`,
    advice: "Give a function that answers at once, with true or false; nothing more was changed.",
  });
}

/** What a broker says of a place that is missing, in the words of who asked. */
function unknown(service: string): (error: unknown) => never {
  return (error) => {
    if (!isMessagingError(error, "unroutable")) throw error;
    throw new MessagingError("unroutable", {
      what: `There are no dead letters of ${service}: no service of that name was ever started on this broker.`,
      advice: "Correct the name. It is the name of the service, not that of a contract or of a queue.",
      cause: error,
    });
  };
}

/** Holds the letters while `use` works on them; whatever it leaves unsettled goes back. */
async function withHeld<Result>(
  { service, limit }: { readonly service: string; readonly limit: number },
  { transport, clock, admit }: DeadLetterReaderParts,
  use: (held: readonly Held[]) => Promise<{ readonly result: Result; readonly released: number }>,
): Promise<Result> {
  admit();
  const source = { kind: "dead-letters", group: service } as const;
  const expected = Math.min(limit, (await transport.depth(source).catch(unknown(service))).ready);
  const held: Held[] = [];
  let noticed: () => void = () => undefined;
  const subscription = await transport.subscribe(source, (delivery) => {
    const answer = new Promise<Settlement>((settle) => held.push({ delivery, settle }));
    noticed();
    return answer;
  });
  let left = 0;
  try {
    subscription.credit(Math.max(1, expected));
    let isWaiting = true;
    while (held.length < expected && isWaiting) {
      const before = held.length;
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(PATIENCE_MS, resolve);
        noticed = () => {
          cancel();
          resolve();
        };
      });
      isWaiting = held.length > before;
    }
    const { result, released } = await use(held.slice(0, expected));
    left = released;
    return result;
  } finally {
    for (const { settle } of held) settle(RELEASE);
    await subscription.drain(clock.now() + PATIENCE_MS);
    await counted(left, { transport, clock, source });
  }
}

/**
 * Waits until the broker counts what it was given back: some do so a moment later, and whoever reads next would find
 * nothing. At most as long as for a letter: another reader may have taken them.
 */
async function counted(
  letters: number,
  {
    transport,
    clock,
    source,
  }: Pick<DeadLetterReaderParts, "transport" | "clock"> & { readonly source: Source },
): Promise<void> {
  const deadline = clock.now() + PATIENCE_MS;
  while (letters > 0 && clock.now() < deadline) {
    const depth = await transport.depth(source).catch(() => undefined);
    if (depth === undefined || depth.ready >= letters) return;
    await sleep(clock, LOOK_MS);
  }
}
