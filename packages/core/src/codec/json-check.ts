import { MessagingError, describeThrown } from "../environment/messaging-error.ts";

/** Deeper data is almost certainly cyclic, and would overflow the stack of a reader. */
const DEEPEST = 500;

/** A problem and the path to it, innermost step first. */
interface Finding {
  readonly problem: string;
  readonly path: string[];
}

let conversions = 0;

/**
 * Returns the number of values so far that JSON changes, so that a schema may refuse the result: values with a `toJSON`,
 * instances of classes and of subclasses of `Array`, which lose their class, and properties that are `undefined`.
 */
export function conversionsSoFar(): number {
  return conversions;
}

/**
 * Refuses data that JSON would lose, change or fail on: NaN, infinities, bigints, functions, symbols and properties with a
 * symbol as key, holes, maps, sets, bytes, boxed values, cycles, and instances that JSON would write as `{}`. Like
 * `JSON.stringify` (ECMA-262 §25.5.2), it skips undefined properties and calls `toJSON`. JSON writes -0 as 0, which is equal.
 * @throws MessagingError `not-serializable`, with the path
 */
export function checkJson(value: unknown, type: string): void {
  let finding: Finding | undefined;
  try {
    finding = value === undefined ? undefined : find(value, 0);
  } catch (cause) {
    // A getter, a toJSON or a proxy threw.
    throw notJson(type, `it threw ${describeThrown(cause)} when it was read`, cause);
  }
  if (finding !== undefined)
    throw notJson(type, `data${finding.path.toReversed().join("")} is ${finding.problem}`);
}

function notJson(type: string, problem: string, cause?: unknown): MessagingError {
  return new MessagingError("not-serializable", {
    what: `The data of ${type} cannot be written as JSON: ${problem}.`,
    advice:
      "Send plain data: strings, finite numbers, booleans, null, arrays and objects of them; nothing was sent.",
    cause,
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
  if (Object.getPrototypeOf(items) !== Array.prototype) conversions += 1;
  for (let at = 0; at < items.length; at++) {
    const finding = find(items[at], depth);
    if (finding !== undefined) return step(finding, depth, `[${at}]`);
  }
  return undefined;
}

/** Most objects are plain: for speed the check reads the prototype once, and makes no call for a string. */
function findInObject(object: object, depth: number): Finding | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain) {
    const own = findInInstance(object, depth);
    if (own !== "by its properties") return own;
  }
  const record = object as Record<string, unknown>;
  for (const name in record) {
    const value = record[name];
    if (typeof value === "string") continue;
    if (value === undefined) {
      conversions += 1;
      continue;
    }
    if (typeof value === "function" && name === "toJSON") return find(toJsonOf(object, value), depth);
    if (!isPlain && !Object.hasOwn(record, name)) continue;
    const finding = find(value, depth);
    if (finding !== undefined) return step(finding, depth, `.${name}`);
  }
  const symbols = Object.getOwnPropertySymbols(object);
  return symbols.length === 0 ? undefined : findAmongSymbols(object, symbols);
}

function findAmongSymbols(object: object, symbols: readonly symbol[]): Finding | undefined {
  const symbol = symbols.find((each) => Object.prototype.propertyIsEnumerable.call(object, each));
  if (symbol === undefined) return undefined;
  return { problem: `an object with the key ${String(symbol)}, which JSON leaves out`, path: [] };
}

/** Checks the result of `toJSON`, if there is one. Refuses instances that JSON would write as `{}` or as indices. */
function findInInstance(object: object, depth: number): Finding | undefined | "by its properties" {
  if ("toJSON" in object && typeof object.toJSON === "function") {
    if (object instanceof Date && Number.isNaN(object.getTime()))
      return { problem: "an invalid Date", path: [] };
    if (!ArrayBuffer.isView(object)) return find(toJsonOf(object, object.toJSON), depth);
  }
  if (isOpaque(object)) return { problem: `a ${nameOf(object)}`, path: [] };
  if (isPlainElsewhere(object)) return "by its properties";
  if (Object.keys(object).length > 0) {
    conversions += 1;
    return "by its properties";
  }
  return { problem: `a ${nameOf(object)}, which JSON writes as {}`, path: [] };
}

/** Built-in types, of any realm, whose values do not keep their contents in properties. */
const OPAQUE: ReadonlySet<string> = new Set(
  [
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Promise",
    "RegExp",
    "Error",
    "Number",
    "String",
    "Boolean",
    "BigInt",
    "Symbol",
  ].map((name) => `[object ${name}]`),
);

function isOpaque(object: object): boolean {
  if (object instanceof Error || ArrayBuffer.isView(object)) return true;
  return OPAQUE.has(Object.prototype.toString.call(object));
}

/** A plain object of another realm, such as the sandbox of a test runner. */
function isPlainElsewhere(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty")
  );
}

function nameOf(object: object): string {
  const { constructor } = object;
  const name: unknown = typeof constructor === "function" ? constructor.name : "";
  return typeof name === "string" && name !== "" && name !== "Object"
    ? name
    : Object.prototype.toString.call(object).slice(8, -1);
}

function toJsonOf(object: object, toJson: Function): unknown {
  conversions += 1;
  return Reflect.apply(toJson, object, [""]) as unknown;
}

/** Adds a step to the path. The first steps of a cycle are enough. */
function step(finding: Finding, depth: number, name: string): Finding {
  if (depth <= 20 || finding.path.length === 0) finding.path.push(depth === 20 ? `${name}…` : name);
  return finding;
}
