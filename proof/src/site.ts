import type { OwnBroker } from "@waybill/brokers";
import type { Address } from "@waybill/conformance/proxy";
import type { BusOptions } from "@waybill/core";

/** Where a proof takes place: a broker that is ours to break, and how an application reaches it. */
export interface Site {
  /** For the table: `rabbitmq 4.0`. */
  readonly name: string;
  readonly broker: OwnBroker;
  /** The broker behind another address and behind nothing else: where a proxy stands. Default {@link urlAt}. */
  readonly transportAt?: (address: Address) => BusOptions["transport"];
}

/** The broker's URL with another address: right for clients that go where they are told and nowhere else. */
export function urlAt(url: string, { host, port }: Address): string {
  return url.replace(/^(\w+:\/\/(?:[^@/]*@)?)[^/?]*/, `$1${host}:${port}`);
}

/** The address of the first node. */
export function addressOf(url: string): Address {
  const [, host = "", port = ""] = /^\w+:\/\/(?:[^@/]*@)?([^:,/]+):(\d+)/.exec(url) ?? [];
  return { host, port: Number(port) };
}

/** How much is tried. */
export interface Size {
  readonly messages: number;
  /** How long members come and go. */
  readonly membersMs: number;
  readonly storm: { readonly messages: number; readonly changes: number };
}

/** What a proof is worth telling with. */
export const FULL: Size = {
  messages: 20_000,
  membersMs: 30_000,
  storm: { messages: 60_000, changes: 30 },
};
/** What can run with all other tests. */
export const SMALL: Size = {
  messages: 2_000,
  membersMs: 6_000,
  storm: { messages: 6_000, changes: 6 },
};

/** What one trial came to. */
export interface Outcome {
  readonly trial: string;
  readonly stored: number;
  readonly lost: number;
  readonly duplicates: number;
  /** The longest time in which nothing was handled, or what took its time instead; milliseconds. */
  readonly recoveryMs: number;
  /** What else was seen, for people. */
  readonly note: string;
  /** Promises that were broken, one sentence each. */
  readonly broken: readonly string[];
}

/** One way to break things, under load. */
export type Trial = (site: Site, size: Size) => Promise<Outcome>;
