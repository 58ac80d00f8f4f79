import type { Bus, BusOptions, Service } from "@waybill/core";
import type { Property } from "../properties/property.ts";

/** What runs in one process; called anew for each instance and after each crash, so that memory is lost with it. */
export type ServicesFactory = () => readonly Service[];

/** One kind of process, and how many of it run. */
export interface ProcessSpec {
  readonly name: string;
  readonly services: ServicesFactory;
  /** Default 2. */
  readonly instances?: number;
  /** What its bus is made with. */
  readonly bus?: Omit<BusOptions, "transport" | "services" | "ground" | "name">;
}

/** Something that a client of the application does. Its name is the function's own, or its place. */
export type Act = (bus: Bus) => unknown;

/** The application of one run: made anew for each, with its fakes. */
export interface App {
  /** Short for one kind of process named `app`. */
  readonly services?: ServicesFactory;
  readonly processes?: readonly ProcessSpec[];
  /** What clients do: the acts of one list one after the other, those of several clients in any order. */
  readonly acts: readonly Act[] | Readonly<Record<string, readonly Act[]>>;
  /** What must hold, besides what always must. */
  readonly properties?: readonly Property[];
  /** Called after every step; throws when something is wrong. */
  readonly invariant?: () => void;
  /** Called when the run has come to rest; throws, or rejects, when something is wrong. */
  readonly check?: () => unknown;
}
