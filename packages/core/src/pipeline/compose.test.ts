import { expect, it } from "vitest";
import { compose, type Step } from "./compose.ts";

type Log = string[];
const around = (name: string): Step<Log, void> => ({
  name,
  run: (log, next) => {
    log.push(`${name} in`);
    next(log);
    log.push(`${name} out`);
  },
});
const last: Step<Log, void> = { name: "last", run: (log) => void log.push("last") };

it("runs steps from the first to the last and back", () => {
  const log: Log = [];
  compose([around("a"), around("b"), last])(log);
  expect(log).toEqual(["a in", "b in", "last", "b out", "a out"]);
});

it("lets a step return without next, or call next twice", () => {
  const silent: Step<Log, void> = { name: "silent", run: () => undefined };
  const twice: Step<Log, void> = { name: "twice", run: (log, next) => [next(log), next(log)] as never };
  const log: Log = [];
  compose([silent, last])(log);
  compose([twice, last])(log);
  expect(log).toEqual(["last", "last"]);
});

it("throws when the last step calls next", () => {
  expect(() => compose([around("only")])([])).toThrow(TypeError);
});
