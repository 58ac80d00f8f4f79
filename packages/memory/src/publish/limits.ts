import { refusal } from "@waybill/core/transport-kit";
import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import { LARGEST_MESSAGE, LONGEST_DELAY_MS } from "../capabilities.ts";

/** Why no broker of this kind takes a message. */
export function excessOf(message: WireMessage, now: number): PublishFailure | undefined {
  const size = sizeOf(message);
  if (size > LARGEST_MESSAGE)
    return refusal("too-large", `It has ${size} bytes, of which at most ${LARGEST_MESSAGE} are taken.`);
  const delayMs = message.deliverAt === undefined ? 0 : message.deliverAt - now;
  if (delayMs > LONGEST_DELAY_MS)
    return refusal(
      "delay-too-long",
      `It is delayed by ${delayMs} ms, of which at most ${LONGEST_DELAY_MS} are taken.`,
    );
  return undefined;
}

function sizeOf({ body, headers }: WireMessage): number {
  let size = body.length;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}
