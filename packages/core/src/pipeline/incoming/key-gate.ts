import { RELEASE, type Settlement } from "../../spi/settlement.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** Handles one message when its turn comes. @param hasWaited whether it waited for an earlier message of its key */
export type Turn = (hasWaited: boolean) => MaybePromise<Settlement>;

/** Runs the turns of equal keys one after the other, in the order of the calls, and those of different keys concurrently. */
export interface KeyGate {
  /**
   * Runs a turn. When a message is released, the messages of its key that wait behind it are released too, so that the key
   * keeps its order on another consumer. A turn that throws does not stop the next one.
   * @param isRevoked returns whether the broker has taken the message back
   */
  inTurn(key: string, turn: Turn, isRevoked?: () => boolean): MaybePromise<Settlement>;
}

/** Messages of one key that are released together. */
interface Batch {
  isReleased: boolean;
}

interface Member {
  readonly batch: Batch;
  readonly isRevoked: () => boolean;
}

/** The messages of one key that run or wait. */
interface Line {
  /** Settles when the last turn has ended. */
  end: Promise<Settlement>;
  /** The message whose turn runs. */
  head: Member;
  last: Member;
}

const NEVER = (): boolean => false;

export function createKeyGate(): KeyGate {
  const lines = new Map<string, Line>();

  /** Waits for the end of a turn. A release marks the whole batch before the next turn starts. */
  const follow = (key: string, { batch }: Member, turn: Promise<Settlement>): Promise<Settlement> => {
    const leave = (): void => {
      if (lines.get(key)?.end === end) lines.delete(key);
    };
    const end: Promise<Settlement> = turn.then(
      (settlement) => {
        if (settlement.type === "release") batch.isReleased = true;
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
        const first: Member = { batch: { isReleased: false }, isRevoked };
        const end = follow(key, first, present);
        lines.set(key, { end, head: first, last: first });
        return end;
      }
      const member: Member = { batch: batchBehind(line), isRevoked };
      const go = (): MaybePromise<Settlement> => {
        line.head = member;
        return member.batch.isReleased ? RELEASE : turn(true);
      };
      line.last = member;
      line.end = follow(key, member, line.end.then(go, go));
      return line.end;
    },
  };
}

/**
 * Returns the batch of a message at the end of a line. When the broker has taken the earlier messages back, this
 * message was delivered afterwards. It waits until their handlers have ended, in a batch of its own: in their batch it
 * would be released and delivered again and again as long as one of them runs.
 */
function batchBehind({ head, last }: Line): Batch {
  const isDeliveredAfter = last.isRevoked() || (head.batch === last.batch && head.isRevoked());
  return isDeliveredAfter ? { isReleased: false } : last.batch;
}
