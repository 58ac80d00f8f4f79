/** One word of somebody else's vocabulary, and ours for the same thing. */
export interface Banned {
  /** Singular and plural, lower case; words of an identifier are separated by spaces. */
  readonly word: RegExp;
  readonly say: string;
}

/**
 * Words of the glossary's last column that have no innocent second meaning here. The field's own terms (subscriber, consumer,
 * driver, serializer, poison message, delivery count, callback, endpoint, job) are welcome.
 */
export const BANNED: readonly Banned[] = [
  { word: /\bpackets?\b/, say: "message" },
  { word: /\bmessage class(es)?\b/, say: "contract" },
  { word: /\bmarshal(l?ers?|l?ing|s|led)?\b/, say: "codec" },
  { word: /\binterceptors?\b/, say: "middleware" },
  { word: /\bbehaviors?\b/, say: "middleware" },
  { word: /\bretry numbers?\b/, say: "attempt" },
  { word: /\bfeature flags?\b/, say: "capability" },
  { word: /\babandon(s|ed|ing)?\b/, say: "release" },
];

/** Where such a word is right, and why. `path` is a file, or a folder with a slash at its end. */
export const ALLOWED: readonly { readonly path: string; readonly word: string; readonly why: string }[] = [
  { path: "GLOSSARY.md", word: "*", why: "it names the words that we do not say" },
  { path: "tools/check-docs/", word: "*", why: "it looks for them" },
];
