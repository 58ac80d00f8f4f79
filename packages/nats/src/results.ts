import { STORED, type PublishResult } from "@waybill/core/transport";
import { refusal, refusalOf } from "./errors.ts";

/** An acknowledgement reads `{"stream":…`, a refusal `{"error":…` (NATS: JetStream wire API, publish). */
const FIRST_OF_STREAM = "s".charCodeAt(0);

interface Answer {
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

/** What the server answered to a publish; `nobody`: nothing listens on the subject, not even a stream. */
export function resultIn(data: Uint8Array): PublishResult | "nobody" {
  if (data[2] === FIRST_OF_STREAM) return STORED;
  if (data.length === 0) return "nobody";
  try {
    const { error } = JSON.parse(Buffer.from(data).toString()) as Answer;
    if (error === undefined) return STORED;
    return { ok: false, error: refusalOf(error.err_code ?? 0, error.description ?? "no reason given") };
  } catch (error) {
    const failure = refusal("rejected", "NATS answered something that is no JSON.", error);
    return { ok: false, error: { ...failure, maybeStored: true } };
  }
}
