import type { SimProcess } from "../process.ts";
import { performFor, runningProcess } from "../process.ts";
import type { RunParts } from "../parts.ts";

/** A fake as a process sees it: every method returns a promise. */
export type Outside<Fake extends object> = {
  readonly [Name in keyof Fake]: Fake[Name] extends (...call: infer Call) => infer Result
    ? (...call: Call) => Promise<Awaited<Result>>
    : Fake[Name];
};

/** The error of a call that the simulator makes fail. Its `code` is `OUTSIDE_FAILED`. */
export class OutsideFailure extends Error {
  override readonly name: string = "OutsideFailure";
  readonly code = "OUTSIDE_FAILED";
}

/**
 * Returns a fake of an outside system (a database, a courier, a mailbox) whose calls take steps: one to call it and one to
 * return its result, with other events in between. A call may fail before or after its effect, and is lost if its caller
 * crashes. A call by the test itself runs at once.
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
    const returnLater = (settle: () => void): void =>
      agenda.add({
        kind: "return",
        owner: caller,
        run: settle,
        describe: () => `${caller.name} receives the answer of ${name}`,
      });
    agenda.add({
      kind: "call",
      owner: caller,
      run: () => {
        try {
          performCall(call, parts).then(
            (value) => returnLater(() => resolve(value)),
            (error: unknown) => returnLater(() => reject(error)),
          );
        } catch (error) {
          returnLater(() => reject(error));
        }
      },
      describe: () => `${caller.name} calls ${name}`,
    });
  });
}

async function performCall({ name, caller, perform }: Call, { faults, history }: RunParts): Promise<unknown> {
  const who = caller.name;
  if (faults.opportunity("call-fails") !== undefined) {
    history.record({ who, what: "fault", note: `its call of ${name} fails without an effect` });
    throw new OutsideFailure(`${name} cannot be reached`);
  }
  history.record({ who, what: "calls", note: name });
  const value = await performFor(caller, perform);
  if (faults.opportunity("answer-lost") === undefined) return value;
  history.record({
    who,
    what: "fault",
    note: `its call of ${name} takes effect, but the answer is lost`,
  });
  throw new OutsideFailure(`${name} did not answer in time`);
}
