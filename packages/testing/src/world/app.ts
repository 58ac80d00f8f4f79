import type { Bus, BusOptions, Service } from "@waybill/core";
import type { Property } from "../properties/property.ts";

/** Makes the services of one process. It runs for each instance and after each crash, so that a crash loses all memory. */
export type ServicesFactory = () => readonly Service[];

/** One kind of process with its number of instances. */
export interface ProcessSpec {
  readonly name: string;
  readonly services: ServicesFactory;
  /** The number of instances. Default 2. */
  readonly instances?: number;
  /** The options of its bus. */
  readonly bus?: Omit<BusOptions, "transport" | "services" | "environment" | "name">;
}

/** An action of a client. The story names it after the function, or by its position. */
export type Act = (bus: Bus) => unknown;

/** The application of one run, with its fakes. */
export interface App {
  /** The services of a process named `app`: the short form of `processes`. */
  readonly services?: ServicesFactory;
  readonly processes?: readonly ProcessSpec[];
  /** The actions of clients: those of one list one after the other, those of several clients in any order. */
  readonly acts: readonly Act[] | Readonly<Record<string, readonly Act[]>>;
  /** The properties that must hold besides the default ones. */
  readonly properties?: readonly Property[];
  /** Called after every step; it throws if the invariant does not hold. */
  readonly invariant?: () => void;
  /** Called at the end of the run; it throws or rejects if the result is wrong. */
  readonly check?: () => unknown;
}
