import { sleep, type Clock } from "../ground/clock.ts";
import { MessagingError, isMessagingError } from "../ground/messaging-error.ts";
import type { Source } from "../spi/destination.ts";
import { ACK, RELEASE, type Delivery, type Settlement } from "../spi/settlement.ts";
import type { Transport } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import { openLetter, replayOf } from "./dead-letter-message.ts";
import type { DeadLetter, DeadLetterOptions, DeadLetters } from "./dead-letters.ts";

export interface OfficeParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly store: (message: WireMessage) => Promise<void>;
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
/** Between two looks at whether the broker counts what it was given back. */
const LOOK_MS = 20;

/** Works on the dead letters of one service: takes them out, decides about each, puts the others back. */
export function deadLetterOffice(service: string, parts: OfficeParts): DeadLetters {
  const work = (
    options: DeadLetterOptions,
    act: (held: Held) => Promise<Settlement>,
  ): Promise<readonly DeadLetter[]> =>
    withHeld({ service, limit: options.limit ?? DEFAULT_LIMIT }, parts, async (all) => {
      const done: DeadLetter[] = [];
      let released = 0;
      for (const held of all) {
        const letter = openLetter(held.delivery.message);
        const isMeant = options.where?.(letter) ?? true;
        const settlement = isMeant ? await act(held) : RELEASE;
        held.settle(settlement);
        if (settlement === RELEASE) released += 1;
        if (isMeant) done.push(letter);
      }
      return { result: done, released };
    });
  return {
    list: (options = {}) => work(options, () => Promise.resolve(RELEASE)),
    discard: (options = {}) => work(options, () => Promise.resolve(ACK)),
    replay: (options = {}) =>
      work(options, async ({ delivery }) => {
        const message = replayOf(delivery.message, parts.newId());
        if (message === undefined) return RELEASE;
        await parts.store(message);
        return ACK;
      }),
  };
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
  { transport, clock, admit }: OfficeParts,
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
  { transport, clock, source }: Pick<OfficeParts, "transport" | "clock"> & { readonly source: Source },
): Promise<void> {
  const deadline = clock.now() + PATIENCE_MS;
  while (letters > 0 && clock.now() < deadline) {
    const depth = await transport.depth(source).catch(() => undefined);
    if (depth === undefined || depth.ready >= letters) return;
    await sleep(clock, LOOK_MS);
  }
}
