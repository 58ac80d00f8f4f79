import { headerNames } from "@waybill/core/transport-kit";

/** The prefix of an escaped value. */
const MARK = "=?waybill?";

/** Characters to escape. Line breaks would end the header; other control characters could disturb programs that print headers. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f]/;

/**
 * Returns the value as it is written: escaped if it has control characters, leading or trailing spaces, which the client
 * trims, or the prefix itself. Never throws, also for lone surrogates, which UTF-8 does not have.
 */
export function escapedValue(value: string): string {
  return CONTROLS.test(value) || value.startsWith(MARK) || value.trim() !== value
    ? MARK + encodeURIComponent(Buffer.from(value).toString())
    : value;
}

/** Returns the value that {@link escapedValue} was called with. */
export function originalValue(text: string): string {
  if (!text.startsWith(MARK)) return text;
  try {
    return decodeURIComponent(text.slice(MARK.length));
  } catch {
    return text; // A foreign value with the same prefix is returned unchanged.
  }
}

/** The header names of the server (`Nats-`) and of the adapter. */
const RESERVED = /^(?:nats-|content-type$|waybill-(?:id|key|due|attempt)$)/i;

/** Returns the header name as it is written: escaped if it is reserved. */
export function escapedName(name: string): string {
  return headerNames.escape(name, RESERVED.test(name));
}

/** Printable ASCII without a colon (NATS client protocol, HPUB). */
const NAME = /^[!-9;-~]+$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}
