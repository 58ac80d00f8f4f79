import { createAmbient } from "@waybill/core/transport-kit/testing";
import type { PlatformPort } from "../platform/platform-port.ts";
import type { Handling } from "./handling.ts";

/** One life of one instance: what a crash ends. Whatever it had begun stays where it was, for ever. */
export class SimProcess {
  /** `warehouse/1`, or the name of a client. */
  readonly name: string;
  readonly isClient: boolean;
  isAlive = true;
  /** Until then it does nothing; virtual milliseconds. */
  stalledUntil = 0;
  /** The handlers that have begun and whose answer the broker does not have yet. */
  readonly handlings: Set<Handling> = new Set();

  /** What its code has in place of the platform. */
  readonly port: PlatformPort;

  constructor(name: string, isClient: boolean, port: (self: SimProcess) => PlatformPort) {
    this.name = name;
    this.isClient = isClient;
    this.port = port(this);
  }
}

/** Something outside of all processes, at work for one of them. */
interface OutsideCall {
  readonly calledBy: SimProcess;
}

/** Whose code runs. */
const present = createAmbient<SimProcess | OutsideCall>();

/** Runs code as a process does: everything it begins, however late, is known to be that process's. */
export function runAs<Result>(who: SimProcess, run: () => Result): Result {
  return present.run(who, run, undefined);
}

/** The process whose code is running; nothing in the test's own code. */
export function runningProcess(): SimProcess | undefined {
  const who = present.current();
  return who instanceof SimProcess ? who : undefined;
}

/** Runs what a call does outside of all processes, in the name of its caller. */
export function performFor<Result>(caller: SimProcess, perform: () => Result): Result {
  return present.run({ calledBy: caller }, perform, undefined);
}

/** Who did what is being done. */
export function currentActor(): string {
  return responsibleProcess()?.name ?? "the test";
}

/** What stands in for the platform, for code that a run has started; nothing for all other code. */
export function runningPort(): PlatformPort | undefined {
  return responsibleProcess()?.port;
}

function responsibleProcess(): SimProcess | undefined {
  const who = present.current();
  return who instanceof SimProcess ? who : who?.calledBy;
}
