import type { SendOptions } from "../messenger.ts";

/** Deeper data is not copied: the codec refuses it. */
const DEEPEST = 500;

/**
 * Returns a copy of data that its sender cannot change, for a message that is validated or encoded asynchronously. Lists,
 * plain objects, dates, bytes and the fields of instances are copied. Instances with a `toJSON` and values that cannot be
 * copied stay the same objects: the codec refuses most of them.
 */
export function snapshotOf(data: unknown): unknown {
  try {
    return copy(data, 0);
  } catch {
    return data; // a getter threw: the codec calls it too and names its path in the error
  }
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  if ("toJSON" in value || isOpaque(value)) return value;
  const fields = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  for (const name of Object.keys(value)) {
    const field = copy((value as Record<string, unknown>)[name], depth + 1);
    Object.defineProperty(fields, name, {
      value: field,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return fields;
}

/** Whether an object has contents that a copy of its fields would not have. */
function isOpaque(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag !== "[object Object]" || Object.getOwnPropertySymbols(value).length > 0;
}

/** Returns a copy of options that their sender cannot change. */
export function copyOfOptions(options: SendOptions): SendOptions {
  const { deliverAt, extensions } = options;
  return {
    ...options,
    ...(deliverAt instanceof Date && { deliverAt: new Date(deliverAt) }),
    ...(extensions !== undefined && { extensions: { ...extensions } }),
  };
}
