import { expect, it } from "vitest";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import type { Schema } from "../../message/schema.ts";
import { checkData } from "./check-data.ts";

const clock = new VirtualClock();

function refuse(issues: string): MessagingError {
  return new MessagingError("invalid-data", { what: `${issues}.`, advice: "Look at the schema." });
}

function throws(): never {
  throw new TypeError("no");
}

function refusing(names: readonly string[], target: object = {}): object {
  for (const name of names) Object.defineProperty(target, name, { get: throws, enumerable: true });
  return target;
}

const revoked = Proxy.revocable([], {});
revoked.revoke();

/** Results that a schema of any library may return: every part of them may throw when it is read. */
const RESULTS: readonly unknown[] = [
  refusing(["issues"]),
  refusing(["value"]),
  refusing(["then"]),
  { issues: revoked.proxy },
  { issues: refusing(["0"], [1, 2]) },
  { issues: new Proxy([1], { get: throws }) },
  { issues: [refusing(["path"])] },
  { issues: [refusing(["message"])] },
  { issues: [{ message: { toString: throws } }] },
  { issues: [{ message: "m", path: [refusing(["key"])] }] },
  { issues: [{ message: "m", path: refusing(["slice"]) }] },
  { issues: [{ message: "m", path: [Symbol("s"), { key: Symbol("k") }, null] }] },
  { issues: [null, undefined, 1] },
  { issues: null },
  { issues: "issues" },
  null,
  undefined,
  1,
];

it.each([...RESULTS.keys()])(
  "refuses an invalid result of a schema with a coded error, even when reading it throws: %d",
  async (number) => {
    const result = RESULTS[number];
    for (const validate of [() => result, () => Promise.resolve(result)]) {
      const schema = { "~standard": { version: 1, vendor: "x", validate } } as unknown as Schema;
      const outcome = await (async () => checkData(schema, {}, { refuse, clock }))().catch(
        (error: unknown) => error,
      );
      expect(isMessagingError(outcome, "invalid-data")).toBe(true);
    }
  },
);
