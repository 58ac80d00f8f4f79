import { HEADER, type Headers } from "../../message/headers.ts";

/**
 * For adapters: what a dead letter says of its failure, where the message leaves too little room for it: half of the text,
 * then none of it, then no word at all. Asked again and again, it comes to nothing.
 */
export function truncatedFailure({ [HEADER.failureMessage]: text = "", ...others }: Headers): Headers {
  if (text.length > 80) return { ...others, [HEADER.failureMessage]: text.slice(0, text.length / 2) };
  return text === "" ? {} : others;
}
