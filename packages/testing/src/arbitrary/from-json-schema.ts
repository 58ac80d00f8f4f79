import {
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  jsonValue,
  letrec,
  oneof,
  record,
  tuple,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { merged, referred, type JsonSchema } from "./json-schema.ts";
import { stringsOf } from "./strings.ts";

/** Recursive values become smaller with each level. At the greatest depth a choice takes its first alternative. */
const DEPTH = { depthIdentifier: "waybill data", maxDepth: 5 };

type Tie = (ref: string) => Arbitrary<unknown>;

/**
 * Returns an arbitrary of the values that a JSON Schema describes. Some of its values may break a rule of the schema, so the
 * caller validates them.
 * @throws Error naming the type or reference that it does not support
 */
export function fromJsonSchema(root: JsonSchema): Arbitrary<unknown> {
  const refs = [...new Set(["#", ...refsOf(root)])];
  const all = letrec((tie) =>
    Object.fromEntries(refs.map((ref) => [ref, valuesOf(targetOf(root, ref), (name) => tie(name))])),
  );
  return all["#"] ?? jsonValue();
}

function valuesOf(schema: JsonSchema, tie: Tie): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return tie(schema.$ref);
  if (schema.const !== undefined) return constant(schema.const);
  if (schema.enum !== undefined) return constantFrom(...schema.enum);
  const { anyOf, oneOf, allOf, type } = schema;
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) {
    const { anyOf: _any, oneOf: _one, ...beside } = schema;
    const each = (choice: JsonSchema): Arbitrary<unknown> =>
      valuesOf(Object.keys(beside).length === 0 ? choice : { allOf: [beside, choice] }, tie);
    return oneof(DEPTH, ...endsFirst(choices).map(each));
  }
  if (allOf !== undefined) return valuesOf(merged(schema), tie);
  if (Array.isArray(type))
    return oneof(DEPTH, ...type.map((one: string) => valuesOf({ ...schema, type: one }, tie)));
  return ofType(schema, tie);
}

function ofType(schema: JsonSchema, tie: Tie): Arbitrary<unknown> {
  switch (schema.type) {
    case "object":
      return objectsOf(schema, tie);
    case "array":
      return arraysOf(schema, tie);
    case "string":
      return stringsOf(schema);
    case "integer":
    case "number":
      return numbersOf(schema);
    case "boolean":
      return boolean();
    case "null":
      return constant(null);
    case undefined:
      return schema.properties === undefined ? jsonValue() : objectsOf(schema, tie);
    default:
      throw new Error(`the JSON Schema type ${JSON.stringify(schema.type)} is not supported`);
  }
}

function objectsOf(
  { properties, required = [], additionalProperties, propertyNames }: JsonSchema,
  tie: Tie,
): Arbitrary<unknown> {
  const names = Object.keys(properties ?? {});
  if (names.length === 0 && typeof additionalProperties === "object") {
    const keys =
      propertyNames?.type === "string" || propertyNames?.enum !== undefined
        ? valuesOf(propertyNames, tie)
        : stringsOf({});
    return dictionary(keys as Arbitrary<string>, valuesOf(additionalProperties, tie), {
      noNullPrototype: true,
      depthIdentifier: DEPTH.depthIdentifier,
    });
  }
  const values = Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, each]) => [name, valuesOf(each, tie)]),
  );
  return record(values, {
    requiredKeys: names.filter((name) => required.includes(name)),
    noNullPrototype: true,
  });
}

function arraysOf(
  { items, prefixItems, minItems = 0, maxItems, uniqueItems }: JsonSchema,
  tie: Tie,
): Arbitrary<unknown> {
  const first = (prefixItems ?? []).map((item) => valuesOf(item, tie));
  if (first.length > 0 && (items === undefined || items === false)) return tuple(...first);
  const item = typeof items === "object" ? valuesOf(items, tie) : jsonValue();
  const limits = {
    minLength: Math.max(0, minItems - first.length),
    ...(maxItems === undefined ? {} : { maxLength: Math.max(0, maxItems - first.length) }),
    depthIdentifier: DEPTH.depthIdentifier,
  };
  const some =
    uniqueItems === true
      ? uniqueArray(item, { ...limits, selector: (value) => JSON.stringify(value) })
      : array(item, limits);
  const rest = limits.minLength > 0 ? some : oneof(DEPTH, constant([]), { arbitrary: some, weight: 7 });
  return first.length === 0 ? rest : tuple(tuple(...first), rest).map(([head, tail]) => [...head, ...tail]);
}

function numbersOf(schema: JsonSchema): Arbitrary<number> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, type } = schema;
  const step = multipleOf ?? 1;
  if (type === "number" && multipleOf === undefined) {
    const least = exclusiveMinimum ?? minimum;
    const most = exclusiveMaximum ?? maximum;
    return double({
      noNaN: true,
      noDefaultInfinity: true,
      ...(least === undefined ? {} : { min: least, minExcluded: exclusiveMinimum !== undefined }),
      ...(most === undefined ? {} : { max: most, maxExcluded: exclusiveMaximum !== undefined }),
    }).map((value) => value + 0); // JSON has no negative zero
  }
  const least = Math.max(
    minimum ?? -Infinity,
    exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + Number.EPSILON,
  );
  const most = Math.min(
    maximum ?? Infinity,
    exclusiveMaximum === undefined ? Infinity : exclusiveMaximum - Number.EPSILON,
  );
  const min = Math.max(Math.ceil(least / step), Number.MIN_SAFE_INTEGER);
  const max = Math.min(Math.floor(most / step), Number.MAX_SAFE_INTEGER);
  return integerBetween(min, max).map((count) => count * step);
}

/** Small integers are likelier, as in real programs. */
function integerBetween(min: number, max: number): Arbitrary<number> {
  const [low, high] = [Math.max(min, -1_000), Math.min(max, 1_000)];
  const all = integer({ min, max });
  return low <= high
    ? oneof({ arbitrary: integer({ min: low, max: high }), weight: 3 }, { arbitrary: all, weight: 1 })
    : all;
}

/** Returns the alternatives with those without references first, so that recursion ends at them. */
function endsFirst(choices: readonly JsonSchema[]): readonly JsonSchema[] {
  return choices.toSorted(
    (one, other) => Math.min(1, refsOf(one).length) - Math.min(1, refsOf(other).length),
  );
}

function targetOf(root: JsonSchema, ref: string): JsonSchema {
  const target = referred(root, ref);
  if (target === undefined) throw new Error(`the reference ${ref} has no target`);
  return target;
}

function refsOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "$ref" in value && typeof value.$ref === "string" ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsOf)];
}
