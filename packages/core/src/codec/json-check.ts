import { MessagingError } from "../ground/messaging-error.ts";

/** Deeper data is almost certainly cyclic, and would overflow somebody's stack. */
const DEEPEST = 500;

/** What is wrong, and the path to it, innermost step first. */
interface Finding {
  readonly problem: string;
  readonly path: string[];
}

/**
 * Refuses what JSON would lose, change or die on: NaN, infinities, bigints, functions, symbols, holes, maps, sets,
 * bytes, cycles. Undefined properties are left out and `toJSON` is honoured, as `JSON.stringify` does (ECMA-262 §25.5.2).
 * @throws MessagingError `not-serializable`, with the path
 */
export function checkJson(value: unknown, type: string): void {
  const finding = value === undefined ? undefined : find(value, 0);
  if (finding === undefined) return;
  throw new MessagingError("not-serializable", {
    what: `The data of ${type} cannot be written as JSON: data${finding.path.toReversed().join("")} is ${finding.problem}.`,
    advice:
      "Send plain data: strings, finite numbers, booleans, null, arrays and objects of them; nothing was sent.",
  });
}

function find(value: unknown, depth: number): Finding | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : { problem: String(value), path: [] };
    case "object":
      if (value === null) return undefined;
      if (depth === DEEPEST)
        return { problem: `nested deeper than ${DEEPEST} levels, or contains itself`, path: [] };
      return Array.isArray(value) ? findInArray(value, depth + 1) : findInObject(value, depth + 1);
    case "undefined":
      return { problem: "undefined", path: [] };
    case "bigint":
    case "symbol":
    case "function":
      return { problem: `a ${typeof value}`, path: [] };
  }
}

function findInArray(items: readonly unknown[], depth: number): Finding | undefined {
  for (let at = 0; at < items.length; at++) {
    const finding = find(items[at], depth);
    if (finding !== undefined) return step(finding, depth, `[${at}]`);
  }
  return undefined;
}

/** The usual object is plain: no look at its prototype but one, no call for a text. */
function findInObject(object: object, depth: number): Finding | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain) {
    const own = findInInstance(object, depth);
    if (own !== "plain") return own;
  }
  const record = object as Record<string, unknown>;
  for (const name in record) {
    const value = record[name];
    if (typeof value === "string" || value === undefined) continue;
    if (typeof value === "function" && name === "toJSON") return find(toJsonOf(object, value), depth);
    if (!isPlain && !Object.hasOwn(record, name)) continue;
    const finding = find(value, depth);
    if (finding !== undefined) return step(finding, depth, `.${name}`);
  }
  return undefined;
}

/** Instances with `toJSON` say what they are; those that would come out as `{}` or as an object of indices are refused. */
function findInInstance(object: object, depth: number): Finding | undefined | "plain" {
  if ("toJSON" in object && typeof object.toJSON === "function") {
    if (object instanceof Date && Number.isNaN(object.getTime()))
      return { problem: "an invalid Date", path: [] };
    if (!ArrayBuffer.isView(object)) return find(toJsonOf(object, object.toJSON), depth);
  }
  if (isOpaque(object)) return { problem: `a ${object.constructor.name}`, path: [] };
  return "plain";
}

function isOpaque(object: object): boolean {
  return (
    object instanceof Map ||
    object instanceof Set ||
    object instanceof WeakMap ||
    object instanceof WeakSet ||
    object instanceof Promise ||
    object instanceof RegExp ||
    object instanceof Error ||
    object instanceof ArrayBuffer ||
    ArrayBuffer.isView(object)
  );
}

function toJsonOf(object: object, toJson: Function): unknown {
  return Reflect.apply(toJson, object, [""]) as unknown;
}

/** The whole path of a cycle helps nobody: its first steps do. */
function step(finding: Finding, depth: number, name: string): Finding {
  if (depth <= 20 || finding.path.length === 0) finding.path.push(depth === 20 ? `${name}…` : name);
  return finding;
}
