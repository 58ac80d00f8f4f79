import type { OwnBroker } from "@waybill/brokers";
import type { Address } from "@waybill/conformance/proxy";
import type { BusOptions } from "@waybill/core";

/** The target of a chaos test: a broker that it may break, and how an application connects to it. */
export interface Target {
  /** The heading of the result table: `rabbitmq oldest`. */
  readonly name: string;
  readonly broker: OwnBroker;
  /** Creates a transport that connects to the broker only through a proxy at the address. Default: {@link urlAt}. */
  readonly transportAt?: (address: Address) => BusOptions["transport"];
}

/** Returns the broker's URL with another address, for clients that ignore the addresses which the broker advertises. */
export function urlAt(url: string, { host, port }: Address): string {
  return url.replace(/^(\w+:\/\/(?:[^@/]*@)?)[^/?]*/, `$1${host}:${port}`);
}

/** Returns the address of the first node of a URL. */
export function addressOf(url: string): Address {
  const [, host = "", port = ""] = /^\w+:\/\/(?:[^@/]*@)?([^:,/]+):(\d+)/.exec(url) ?? [];
  return { host, port: Number(port) };
}

/** The load of a chaos test. */
export interface Size {
  readonly messages: number;
  /** How long members join and leave. */
  readonly membersMs: number;
  readonly storm: { readonly messages: number; readonly changes: number };
}

/** The size of `npm run proof`. */
export const FULL: Size = {
  messages: 20_000,
  membersMs: 30_000,
  storm: { messages: 60_000, changes: 30 },
};
/** The size of `npm test`. */
export const SMALL: Size = {
  messages: 2_000,
  membersMs: 6_000,
  storm: { messages: 6_000, changes: 6 },
};

/** The result of one chaos test. */
export interface Outcome {
  readonly test: string;
  readonly stored: number;
  readonly lost: number;
  readonly duplicates: number;
  /** The longest time without a handled message, in milliseconds, or another time that the note names. */
  readonly recoveryMs: number;
  /** Further observations, for the reader of the table. */
  readonly note: string;
  /** The broken promises, one sentence each. */
  readonly violations: readonly string[];
}

/** Injects one kind of fault under load and counts the lost and duplicated messages. */
export type ChaosTest = (target: Target, size: Size) => Promise<Outcome>;
