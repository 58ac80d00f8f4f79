import { createAmbient } from "@waybill/core/transport-kit/testing";
import type { PlatformPort } from "../platform/platform-port.ts";
import type { Handling } from "./handling.ts";

/** A process of an instance, from its start to its crash. Work that a crash interrupts never continues. */
export class SimProcess {
  /** `warehouse/1`, or the name of a client. */
  readonly name: string;
  readonly isClient: boolean;
  isAlive = true;
  /** The end of a stall, in virtual milliseconds; the process runs nothing before it. */
  stalledUntil = 0;
  /** The deliveries whose handlers have begun and whose settlements the broker has not received. */
  readonly handlings: Set<Handling> = new Set();

  /** The replacement of the platform for its code. */
  readonly port: PlatformPort;

  constructor(name: string, isClient: boolean, port: (self: SimProcess) => PlatformPort) {
    this.name = name;
    this.isClient = isClient;
    this.port = port(this);
  }
}

/** A call of an outside system, in the name of a process. */
interface OutsideCall {
  readonly calledBy: SimProcess;
}

/** The owner of the code that is running. */
const present = createAmbient<SimProcess | OutsideCall>();

/** Runs code in the name of a process: everything that it starts, at any time later, belongs to the process too. */
export function runAs<Result>(who: SimProcess, run: () => Result): Result {
  return present.run(who, run, undefined);
}

/** Returns the process whose code is running; undefined in the code of the test. */
export function runningProcess(): SimProcess | undefined {
  const who = present.current();
  return who instanceof SimProcess ? who : undefined;
}

/** Runs the call of an outside system in the name of its caller. */
export function performFor<Result>(caller: SimProcess, perform: () => Result): Result {
  return present.run({ calledBy: caller }, perform, undefined);
}

/** Returns the name of the process that the running code belongs to or works for. */
export function currentActor(): string {
  return responsibleProcess()?.name ?? "the test";
}

/** Returns the replacement of the platform for code that a run has started; undefined for all other code. */
export function runningPort(): PlatformPort | undefined {
  return responsibleProcess()?.port;
}

function responsibleProcess(): SimProcess | undefined {
  const who = present.current();
  return who instanceof SimProcess ? who : who?.calledBy;
}
