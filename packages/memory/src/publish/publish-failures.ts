import type { PublishFailure, PublishResult } from "@waybill/core/transport";

/** Returns the result of a refused message. @param maybeStored whether the broker may have stored it */
export function refused(code: PublishFailure["code"], message: string, maybeStored = false): PublishResult {
  return { ok: false, error: { code, message, maybeStored } };
}
