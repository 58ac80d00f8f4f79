import { MessagingError } from "../../environment/messaging-error.ts";

/** Of a message that is larger than its contract allows. */
export function tooLarge(
  type: string,
  id: string,
  { bytes, maxBytes }: { readonly bytes: number; readonly maxBytes: number },
): MessagingError {
  return new MessagingError("too-large", {
    what: `${type} ${id} has ${bytes} bytes, of which its contract allows at most ${maxBytes}.`,
    advice:
      "Send less, or a reference to where the data lies; or raise maxBytes at the sender and the receiver.",
    messageId: id,
    maybeStored: false,
  });
}
