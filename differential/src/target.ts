import type { Environment, Transport } from "@waybill/core/transport";

/** The system that executes a sequence: a real broker, or the model of it. Each run has a target of its own. */
export interface Target {
  readonly environment: Environment;
  /** Distinguishes the names of this run from those of other runs on the same broker. */
  readonly prefix: string;
  transport(): Transport | Promise<Transport>;
  /** Lets some or all pending steps of the broker happen. */
  settle(): Promise<void>;
  /** Waits until the condition holds or a limit is reached; returns whether it holds. */
  until(holds: () => boolean): Promise<boolean>;
  elapse(ms: number): Promise<void>;
  cut(transport: Transport): Promise<void>;
  restore(transport: Transport): Promise<void>;
  crash(transport: Transport): Promise<void>;
  loseConfirm(transport: Transport): Promise<void>;
  /** Returns the intended item. A model may return another one, because a broker distributes work as it likes. */
  oneOf<Item>(intended: Item, all: readonly Item[]): Item;
  /** Called after a member joined or left, with the transports of the other members. */
  membershipChanged(others: readonly Transport[]): void;
  close(): Promise<void>;
}
