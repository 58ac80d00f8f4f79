/** One word of somebody else's vocabulary, and ours for the same thing. */
export interface Banned {
  /** Singular and plural, lower case; words of an identifier are separated by spaces. */
  readonly word: RegExp;
  readonly say: string;
}

/** The words of the glossary's last column that have no innocent second meaning here. */
export const BANNED: readonly Banned[] = [
  { word: /\bpackets?\b/, say: "message" },
  { word: /\bjobs?\b/, say: "message" },
  { word: /\bmessage class(es)?\b/, say: "contract" },
  { word: /\bend ?points?\b/, say: "destination" },
  { word: /\bmarshal(l?ers?|l?ing|s|led)?\b/, say: "codec" },
  { word: /\b(de)?seriali[sz]ers?\b/, say: "codec" },
  { word: /\bsubscribers?\b/, say: "handler, or service for who holds it" },
  { word: /\bconnectors?\b/, say: "transport" },
  { word: /\bdrivers?\b/, say: "transport" },
  { word: /\binterceptors?\b/, say: "middleware" },
  { word: /\bbehaviors?\b/, say: "middleware" },
  { word: /\bplug-?ins?\b/, say: "middleware" },
  { word: /\bcall ?backs?\b/, say: "replyTo, or handler" },
  { word: /\bdelivery counts?\b/, say: "attempt" },
  { word: /\bretry numbers?\b/, say: "attempt" },
  { word: /\b(error|poison) queues?\b/, say: "dead letters" },
  { word: /\bpoison messages?\b/, say: "invalid message" },
  { word: /\bdead letter (exchange|topic)s?\b/, say: "dead letters" },
  { word: /\binfrastructure\b/, say: "topology" },
  { word: /\bfeature flags?\b/, say: "capability" },
  { word: /\babandon(s|ed|ing)?\b/, say: "release" },
];

/** Where such a word is right, and why. `path` is a file, or a folder with a slash at its end. */
export const ALLOWED: readonly { readonly path: string; readonly word: string; readonly why: string }[] = [
  { path: "GLOSSARY.md", word: "*", why: "it names the words that we do not say" },
  { path: "tools/check-docs/", word: "*", why: "it looks for them" },
  { path: "packages/nats/src/connection.ts", word: "callback", why: "an option of the client" },
];
