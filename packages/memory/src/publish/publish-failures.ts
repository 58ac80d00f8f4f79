import { refusal } from "@waybill/core/transport-kit";
import type { PublishFailure, PublishResult, WireMessage } from "@waybill/core/transport";
import { LARGEST_MESSAGE, LONGEST_DELAY_MS } from "../capabilities.ts";

/** Returns why the broker refuses a message, if it exceeds a limit. */
export function limitFailure(message: WireMessage, now: number): PublishFailure | undefined {
  const size = sizeOf(message);
  if (size > LARGEST_MESSAGE)
    return refusal(
      "too-large",
      `${size} bytes are more than the ${LARGEST_MESSAGE} that the memory broker accepts.`,
    );
  const delayMs = message.deliverAt === undefined ? 0 : message.deliverAt - now;
  if (delayMs > LONGEST_DELAY_MS)
    return refusal(
      "delay-too-long",
      `A delay of ${delayMs} ms is longer than the longest delay of ${LONGEST_DELAY_MS} ms.`,
    );
  return undefined;
}

function sizeOf({ body, headers }: WireMessage): number {
  let size = body.length;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}

/** Returns the result of a refused message. @param maybeStored whether the broker may have stored it */
export function refused(code: PublishFailure["code"], message: string, maybeStored = false): PublishResult {
  return { ok: false, error: { code, message, maybeStored } };
}
