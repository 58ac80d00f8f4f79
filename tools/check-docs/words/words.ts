/** A private word that was retired, and the field's term for it. */
export interface Retired {
  /** A pattern in lower case, with spaces between the words of an identifier. */
  readonly word: RegExp;
  readonly say: string;
}

/**
 * Words that this project once used and that no newcomer knows. The field's own terms (subscriber, consumer, driver,
 * serializer, poison message, delivery count, callback, endpoint, job) are welcome.
 */
export const RETIRED: readonly Retired[] = [
  { word: /\bhouses?\b/, say: "repository, or packages" },
  { word: /\bfloors?\b/, say: "layer" },
  { word: /\brooms?\b/, say: "folder, module, or delay tier" },
  { word: /\bdoors?\b/, say: "entry point" },
  { word: /\bzoos?\b/, say: "bug corpus" },
  { word: /\bspecimens?\b/, say: "case" },
  { word: /\bgrounds?\b/, say: "environment" },
  {
    word: /\b(?:on|a|an|the|one|each|no|every|all) notices?\b|\bnotices? (?:of|that|about)\b/,
    say: "warning",
  },
  { word: /\bhand(?:s|ed|ing)?[- ](?:on|out|over)\b/, say: "forward, dispatch, store" },
  { word: /\bin (?:\w+'s? |its |their |our |the )?hands?\b/, say: "in flight" },
  {
    word: /(?<!transactional )\boutbox(?:es)?\b/,
    say: "write coalescer, or transactional outbox where that is meant",
  },
  { word: /\blast rites\b/, say: "giving up" },
  { word: /\bdead[- ]letter[- ]office\b/, say: "dead-letter reader" },
  { word: /\bparcels?\b/, say: "partition batch" },
  { word: /\bpostmarks?\b/, say: "wire metadata" },
  { word: /\binlets?\b/, say: "consumer" },
  { word: /\blikeness(?:es)?\b/, say: "similarity" },
  { word: /\btrespass(?:es|ed|ing)?\b/, say: "platform violation" },
  { word: /\bincarnations?\b/, say: "process" },
  { word: /\bhappenings?\b/, say: "event" },
  { word: /\bstandstills?\b/, say: "watchdog, or stall" },
  { word: /\bcrews?\b/, say: "worker pool" },
  { word: /\bstrangers?\b/, say: "consumer fixture, or another program" },
  { word: /\bgoodbyes?\b/, say: "leave, or disconnect" },
  { word: /\bwhoever\b/, say: "the operator, the caller: name the agent" },
  { word: /\bpackets?\b/, say: "message" },
  { word: /\bmarshal(?:l?ers?|l?ing|s|led)?\b/, say: "codec" },
  { word: /\binterceptors?\b/, say: "middleware" },
];

/** The files that may use a retired word, with the reason. `path` is a file, or a folder with a slash at its end. */
export const ALLOWED: readonly { readonly path: string; readonly word: string; readonly why: string }[] = [
  { path: "GLOSSARY.md", word: "*", why: "it names the retired words" },
  { path: "CONTRIBUTING.md", word: "whoever", why: "it states the rule" },
  { path: "tools/check-docs/", word: "*", why: "the check and its test contain them" },
];

/** Exact identifiers that belong to a language or a library. */
export const FOREIGN_NAMES: ReadonlySet<string> = new Set(["floor"]);

/** The beginnings of sentences without an agent. Only a question may begin with one of them. */
export const WITHOUT_AGENT = /^(?:What|Who|Whoever|That which)\b/;
