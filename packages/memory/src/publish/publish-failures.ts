import type { PublishFailure, PublishResult } from "@waybill/core/transport";

/** A refusal, and whether the broker holds the message all the same. */
export function refused(code: PublishFailure["code"], message: string, maybeStored = false): PublishResult {
  return { ok: false, error: { code, message, maybeStored } };
}
