import type { SimProcess } from "../process.ts";
import { performFor, runningProcess } from "../process.ts";
import type { RunParts } from "../parts.ts";

/** A fake as a process sees it: every method answers later. */
export type Outside<Fake extends object> = {
  readonly [Name in keyof Fake]: Fake[Name] extends (...call: infer Call) => infer Result
    ? (...call: Call) => Promise<Awaited<Result>>
    : Fake[Name];
};

/** What a caller is told when the simulator lets a call fail. Its `code` is `OUTSIDE_FAILED`. */
export class OutsideFailure extends Error {
  override readonly name: string = "OutsideFailure";
  readonly code = "OUTSIDE_FAILED";
}

/**
 * Puts something outside of all processes (a database, a courier, a mailbox) at a distance: each call travels there,
 * takes effect, and travels back, in steps of its own between which anything can happen. It may fail on the way there
 * or on the way back, and it is lost with its caller. Called by the test itself it answers at once.
 */
export function outside<Fake extends object>(name: string, fake: Fake, parts: RunParts): Outside<Fake> {
  return new Proxy(fake, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function" || typeof property === "symbol") return value;
      return (...call: unknown[]): unknown => {
        const perform = (): unknown => Reflect.apply(value, target, call);
        const caller = runningProcess();
        return caller === undefined
          ? perform()
          : sendCall({ name: `${name}.${property}`, caller, perform }, parts);
      };
    },
  }) as unknown as Outside<Fake>;
}

interface Call {
  readonly name: string;
  readonly caller: SimProcess;
  readonly perform: () => unknown;
}

function sendCall(call: Call, parts: RunParts): Promise<unknown> {
  const { agenda } = parts;
  const { name, caller } = call;
  return new Promise((resolve, reject) => {
    const comeBack = (settle: () => void): void =>
      agenda.add({
        kind: "return",
        owner: caller,
        run: settle,
        describe: () => `${caller.name} gets the answer of ${name}`,
      });
    agenda.add({
      kind: "call",
      owner: caller,
      run: () => {
        try {
          performCall(call, parts).then(
            (value) => comeBack(() => resolve(value)),
            (error: unknown) => comeBack(() => reject(error)),
          );
        } catch (error) {
          comeBack(() => reject(error));
        }
      },
      describe: () => `${caller.name} calls ${name}`,
    });
  });
}

async function performCall({ name, caller, perform }: Call, { faults, history }: RunParts): Promise<unknown> {
  const who = caller.name;
  if (faults.opportunity("call-fails") !== undefined) {
    history.record({ who, what: "fault", note: `its call of ${name} fails before it has any effect` });
    throw new OutsideFailure(`${name} cannot be reached`);
  }
  history.record({ who, what: "calls", note: name });
  const value = await performFor(caller, perform);
  if (faults.opportunity("answer-lost") === undefined) return value;
  history.record({
    who,
    what: "fault",
    note: `its call of ${name} takes effect, but it is told that it failed`,
  });
  throw new OutsideFailure(`${name} did not answer in time`);
}
