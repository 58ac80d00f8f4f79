import type { RawHeader } from "./raw-header.ts";

/** A record to write. */
export interface NewRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
}

/** A record as the adapter read it. */
export interface RawRecord {
  readonly offset: number;
  /** Milliseconds since the Unix epoch; -1 for a record without a time. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Of several headers with one name the last one counts, as in the Java client. */
  readonly headers: readonly RawHeader[];
  /** The reason why the batch cannot be decoded. The value is then the whole batch as stored. */
  readonly unreadable?: string;
}

/** The decoded records of one partition in a fetch response. */
export interface RecordSet {
  /** In ascending order, without control records and without records of aborted transactions. */
  readonly records: readonly RawRecord[];
  /** The offset of the next fetch; absent when the response held no complete batch. */
  readonly next: number | undefined;
  /** The reason why the next batch cannot be decoded. */
  readonly unreadable: string | undefined;
}

/** An aborted transaction, by its producer and its first record in this response. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}
