/** Returns whether a value contains a part: objects may have more properties, lists must match item by item. */
export function matches(value: unknown, part: unknown): boolean {
  if (Object.is(value, part)) return true;
  if (typeof value !== "object" || typeof part !== "object" || value === null || part === null) return false;
  if (Array.isArray(part) || Array.isArray(value)) return areEqualLists(value, part);
  if (part instanceof Date) return value instanceof Date && value.getTime() === part.getTime();
  return Object.entries(part).every(
    ([name, wanted]) => Object.hasOwn(value, name) && matches(Reflect.get(value, name), wanted),
  );
}

function areEqualLists(value: object, part: object): boolean {
  return (
    Array.isArray(value) &&
    Array.isArray(part) &&
    value.length === part.length &&
    value.every((item, at) => matches(item, part[at]))
  );
}
