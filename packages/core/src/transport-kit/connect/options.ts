import { MessagingError } from "../../environment/messaging-error.ts";

/** For adapters: an option, or a part of a URL, that cannot be used. */
export function invalidOption(what: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice: "Correct the transport's URL or options." });
}

/** For adapters: options without those that are undefined, for clients to whom these are not absent. */
export function onlyGiven<Options extends object>(options: Options): Partial<Options> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Options>;
}
