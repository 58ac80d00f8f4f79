/**
 * Standard decorators note what they find in `Class[Symbol.metadata]` (TC39 Decorator Metadata, stage 3). No Node has
 * the symbol yet, and TypeScript keeps no metadata without it; the name is the one that esbuild and Babel fall back to.
 */
const METADATA = Symbol.for("Symbol.metadata");

if (!("metadata" in Symbol)) Object.defineProperty(Symbol, "metadata", { value: METADATA });

/** The metadata of a class itself, not of its ancestors. */
export function metadataOf(type: object): object | undefined {
  const symbol: unknown = Reflect.get(Symbol, "metadata");
  for (const key of [symbol, METADATA]) {
    if (typeof key !== "symbol" || !Object.hasOwn(type, key)) continue;
    const metadata: unknown = Reflect.get(type, key);
    if (typeof metadata === "object" && metadata !== null) return metadata;
  }
  return undefined;
}
