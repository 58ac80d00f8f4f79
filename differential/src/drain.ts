import { ACK, type Source, type Transport } from "@waybill/core/transport";
import type { Log } from "./log.ts";
import { numberOf, shortName, type Names } from "./names.ts";
import { AFTER_DELAY_MS } from "./settlements.ts";
import type { Target } from "./target.ts";

const MAX_ROUNDS = 200;
const MAX_DEAD_LETTER_ROUNDS = 100;

/** A run whose commands are all executed. */
export interface Running {
  readonly target: Target;
  readonly log: Log;
  readonly names: Names;
  readonly reader: Transport;
}

/** The messages that the drain waits for. */
export interface Expected {
  readonly expected: readonly { readonly message: number; readonly source: string }[];
  readonly mayBeDelayed: boolean;
}

/** Acknowledges all messages until none is left, then counts the dead letters. Logs a failure after too many rounds. */
export async function drain(running: Running, { expected, mayBeDelayed }: Expected): Promise<void> {
  const { target, log } = running;
  let waitsForDelayed = mayBeDelayed;
  for (let round = 0, quiet = 0; round < MAX_ROUNDS; round++) {
    await target.until(() => log.inFlight.length > 0);
    const isQuiet = log.inFlight.length === 0;
    for (const inFlight of [...log.inFlight]) inFlight.answer("ack", ACK);
    await target.settle();
    const isDone =
      isQuiet &&
      log.inFlight.length === 0 &&
      expected.every(({ message, source }) => log.isSettledFinally(message, source)) &&
      (await remaining(running)) === 0;
    quiet = isDone ? quiet + 1 : 0;
    if (quiet > 1 && !waitsForDelayed) return countDeadLetters(running);
    if (quiet === 0) await target.elapse(20);
    if (quiet > 0 && waitsForDelayed) await target.elapse(AFTER_DELAY_MS);
    waitsForDelayed &&= quiet === 0;
  }
  log.fail(`after ${MAX_ROUNDS} rounds ${await remaining(running)} messages are left`);
}

/** Returns the number of messages that the sources still hold. */
async function remaining({ names, reader }: Running): Promise<number> {
  const depths = await Promise.all(names.sources.map((source) => reader.depth(source)));
  return depths.reduce((sum, { ready, unsettled = 0, delayed = 0 }) => sum + ready + unsettled + delayed, 0);
}

async function countDeadLetters({ target, log, names, reader }: Running): Promise<void> {
  for (const group of names.groups) {
    const source: Source = { kind: "dead-letters", group };
    const { ready } = await reader.depth(source);
    let read = 0;
    const subscription = await reader.subscribe(source, ({ message }) => {
      read += 1;
      log.deadLetter(numberOf(message), shortName(group));
      return Promise.resolve(ACK);
    });
    subscription.credit(100);
    for (let round = 0; read < ready && round < MAX_DEAD_LETTER_ROUNDS; round++)
      await target.until(() => read >= ready);
    if (read < ready) log.fail(`only ${read} of ${ready} dead letters were read`);
  }
}
