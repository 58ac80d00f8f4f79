/**
 * Standard decorators write metadata to `Class[Symbol.metadata]` (TC39 Decorator Metadata, stage 3). No Node version has
 * the symbol yet, and TypeScript writes no metadata without it; esbuild and Babel fall back to the same name.
 */
const METADATA = Symbol.for("Symbol.metadata");

if (!("metadata" in Symbol)) Object.defineProperty(Symbol, "metadata", { value: METADATA });

/** Returns the metadata of a class, without that of its base classes. */
export function metadataOf(type: object): object | undefined {
  const symbol: unknown = Reflect.get(Symbol, "metadata");
  for (const key of [symbol, METADATA]) {
    if (typeof key !== "symbol" || !Object.hasOwn(type, key)) continue;
    const metadata: unknown = Reflect.get(type, key);
    if (typeof metadata === "object" && metadata !== null) return metadata;
  }
  return undefined;
}
