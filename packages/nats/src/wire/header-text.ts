import { headerNames } from "@waybill/core/transport-kit";

/** Marks a value that NATS or its client would alter. A value that begins like it is marked too. */
const MARK = "=?waybill?";

/** Line breaks end a header, and the client trims; other controls are kept away from whatever prints headers. */
// oxlint-disable-next-line no-control-regex
const ALTERED = /[\u0000-\u001f\u007f]/;

/** Never throws, also for lone surrogates, which UTF-8 does not have. */
export function escapedValue(value: string): string {
  return ALTERED.test(value) || value.startsWith(MARK) || value.trim() !== value
    ? MARK + encodeURIComponent(Buffer.from(value).toString())
    : value;
}

export function originalValue(text: string): string {
  if (!text.startsWith(MARK)) return text;
  try {
    return decodeURIComponent(text.slice(MARK.length));
  } catch {
    return text; // somebody else's
  }
}

/** `Nats-` is the server's; the adapter writes the others itself. */
const RESERVED = /^(?:nats-|content-type$|waybill-(?:id|key|due|attempt)$)/i;

export function escapedName(name: string): string {
  return headerNames.escape(name, RESERVED.test(name));
}

/** Printable ASCII without a colon (NATS client protocol, HPUB). */
const NAME = /^[!-9;-~]+$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}
