import type { Environment, Transport } from "@waybill/core/transport";

/** Where a sequence is played: a real broker, or the model that stands for it. Nobody else uses it meanwhile. */
export interface Place {
  readonly environment: Environment;
  /** What distinguishes the names of this playing from those of others on the same broker. */
  readonly prefix: string;
  transport(): Transport | Promise<Transport>;
  /** Lets happen what comes next, or some of it. */
  settle(): Promise<void>;
  /** Lets what is awaited happen, if it can: true when it has. Bounded. */
  until(isThere: () => boolean): Promise<boolean>;
  elapse(ms: number): Promise<void>;
  cut(transport: Transport): Promise<void>;
  restore(transport: Transport): Promise<void>;
  crash(transport: Transport): Promise<void>;
  loseConfirm(transport: Transport): Promise<void>;
  /** Which of several is meant by the first: on a model any may be, since brokers share out work as they like. */
  oneOf<Item>(meant: Item, all: readonly Item[]): Item;
  /** Somebody has come or gone: what that does to the others, if anything. */
  membershipChanged(others: readonly Transport[]): void;
  close(): Promise<void>;
}
