import { ESCAPE_MARK } from "../../message/wire-headers.ts";

/**
 * Returns the name under which a message's header is written: with a mark in front when its plain name would mean
 * something else to the broker, to its client or to the adapter, or begins with the mark already.
 */
function escape(name: string, isReserved: boolean): string {
  return isReserved || name.startsWith(ESCAPE_MARK) ? ESCAPE_MARK + name : name;
}

/** Returns the name that was escaped; any other name as it is. */
function unescape(name: string): string {
  return name.startsWith(ESCAPE_MARK) ? name.slice(ESCAPE_MARK.length) : name;
}

/** Sets a header, also one with the name `__proto__`: an assignment would replace the prototype of the object. */
function set<Value>(headers: Record<string, Value>, name: string, value: Value): void {
  if (name !== "__proto__") headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The functions that write and read header names of other systems. */
export interface HeaderNames {
  readonly escape: typeof escape;
  readonly unescape: typeof unescape;
  readonly set: typeof set;
}

/** For adapters: writes and reads header names of other systems. */
export const headerNames: HeaderNames = { escape, unescape, set };
