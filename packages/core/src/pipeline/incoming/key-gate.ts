import { RELEASE, type Settlement } from "../../spi/settlement.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** What a message's turn does. Told whether it has waited for the turn. */
export type Turn = (hasWaited: boolean) => MaybePromise<Settlement>;

/** Runs turns of equal keys one after the other, in the order of the calls, and different keys concurrently. */
export interface KeyGate {
  /**
   * Once one of a key is given back, those that waited behind it are too: order outlives a hand-over. One that fails holds
   * up nobody.
   * @param isRevoked whether the broker has taken this message back
   */
  inTurn(key: string, turn: Turn, isRevoked?: () => boolean): MaybePromise<Settlement>;
}

/** Messages that are given back together. */
interface Batch {
  isGivenBack: boolean;
}

interface Member {
  readonly batch: Batch;
  readonly isRevoked: () => boolean;
}

/** All of one key that run or wait. */
interface Line {
  /** Ends when the last turn has. */
  end: Promise<Settlement>;
  /** Whose turn it is. */
  head: Member;
  last: Member;
}

const NEVER = (): boolean => false;

export function createKeyGate(): KeyGate {
  const lines = new Map<string, Line>();

  /** Waits for the end of a turn. What is given back takes along all of its batch, before anybody's next turn. */
  const follow = (key: string, { batch }: Member, turn: Promise<Settlement>): Promise<Settlement> => {
    const leave = (): void => {
      if (lines.get(key)?.end === end) lines.delete(key);
    };
    const end: Promise<Settlement> = turn.then(
      (settlement) => {
        if (settlement.type === "release") batch.isGivenBack = true;
        leave();
        return settlement;
      },
      (error: unknown) => {
        leave();
        throw error;
      },
    );
    return end;
  };

  return {
    inTurn(key, turn, isRevoked = NEVER) {
      const line = lines.get(key);
      if (line === undefined) {
        const present = turn(false);
        if (!(present instanceof Promise)) return present;
        const first: Member = { batch: { isGivenBack: false }, isRevoked };
        const end = follow(key, first, present);
        lines.set(key, { end, head: first, last: first });
        return end;
      }
      const member: Member = { batch: batchBehind(line), isRevoked };
      const go = (): MaybePromise<Settlement> => {
        line.head = member;
        return member.batch.isGivenBack ? RELEASE : turn(true);
      };
      line.last = member;
      line.end = follow(key, member, line.end.then(go, go));
      return line.end;
    },
  };
}

/**
 * A message that comes after the broker has taken those before it back was delivered anew: it waits until they have ended,
 * but it is not given back with them. Otherwise it would come again and again as long as one of them is left.
 */
function batchBehind({ head, last }: Line): Batch {
  const isAnew = last.isRevoked() || (head.batch === last.batch && head.isRevoked());
  return isAnew ? { isGivenBack: false } : last.batch;
}
