import type { SendOptions } from "../messenger.ts";

/** Deeper data is refused when it is written. */
const DEEPEST = 500;

/**
 * A copy of data that its sender cannot change any more, for a message that is checked or written later than it was
 * sent. Lists, plain objects, dates and bytes are copied, and instances by their fields. Instances that say themselves
 * what they are in JSON, and all that cannot be copied, stay what they are: the codec refuses most of it.
 */
export function snapshotOf(data: unknown): unknown {
  try {
    return copy(data, 0);
  } catch {
    return data; // a getter that throws: the codec meets it too, and says where
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

/** What has its contents in places that a copy of its fields would not have. */
function isOpaque(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag !== "[object Object]" || Object.getOwnPropertySymbols(value).length > 0;
}

export function copyOfOptions(options: SendOptions): SendOptions {
  const { deliverAt, extensions } = options;
  return {
    ...options,
    ...(deliverAt instanceof Date && { deliverAt: new Date(deliverAt) }),
    ...(extensions !== undefined && { extensions: { ...extensions } }),
  };
}
