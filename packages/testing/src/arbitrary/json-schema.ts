/** The part of a JSON Schema (draft 2020-12) that the generator reads. The schema itself checks all other rules. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** Returns all parts of an `allOf` and the keywords beside it as one schema. */
export function merged({ allOf = [], ...beside }: JsonSchema): JsonSchema {
  return allOf.reduce<JsonSchema>((all, part) => {
    const one = merged(part);
    return {
      ...all,
      ...one,
      properties: { ...all.properties, ...one.properties },
      required: [...(all.required ?? []), ...(one.required ?? [])],
    };
  }, beside);
}

/** Returns the target of a `$ref`: the whole schema, or one of its definitions. */
export function referred(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === "#") return root;
  const [, name] = /^#\/\$defs\/(.+)$/.exec(ref) ?? [];
  const plain = name?.replaceAll("~1", "/").replaceAll("~0", "~"); // RFC 6901 §4
  return plain === undefined ? undefined : root.$defs?.[plain];
}
