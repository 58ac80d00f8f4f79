import { MessagingError } from "../environment/messaging-error.ts";
import { sizeOf } from "../message/wire-content.ts";
import type { WireMessage } from "../spi/wire-message.ts";

/**
 * Compares the size of a message, body and headers together, with the limit of its contract.
 * @throws MessagingError `too-large`
 */
export function checkSize(
  message: WireMessage,
  maxBytes: number | undefined,
  { type, id }: { readonly type: string | undefined; readonly id: string },
): void {
  if (maxBytes === undefined) return;
  const bytes = sizeOf(message);
  if (bytes <= maxBytes) return;
  throw new MessagingError("too-large", {
    what: `Message ${type === undefined ? id : `${type} ${id}`} has ${bytes} bytes; its contract allows ${maxBytes}.`,
    advice: "Send less data, send a reference to the data, or raise maxBytes at the sender and the receiver.",
    messageId: id,
    maybeStored: false,
  });
}
