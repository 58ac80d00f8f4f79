import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A page in a menu. */
export interface Entry {
  readonly text: string;
  /** The path from the root of the site, without an extension. */
  readonly link: string;
}

export interface Part {
  readonly text: string;
  readonly pages: readonly Entry[];
}

const DOCS = fileURLToPath(new URL("..", import.meta.url));

/** The pages for reference. */
export const LOOK_UP: readonly Entry[] = [
  "requirements",
  "configuration",
  "what-data-may-contain",
  "not-supported",
  "errors",
].map(entry);

/** The order of the pages. Pages that are not listed follow by name. */
export const PARTS: readonly Part[] = [
  part("Tutorials", "tutorials", ["first-message", "buy-button", "two-brokers", "test-it"]),
  part("How to", "how-to", [
    "retries-and-dead-letters",
    "order",
    "request-reply",
    "history",
    "change-topology",
    "delay",
    "several-services",
    "scale-out",
    "drain-on-kubernetes",
    "rabbitmq",
    "nats",
    "kafka",
    "tls-and-credentials",
    "bundle",
    "inversify",
    "test-handlers",
    "find-the-bug",
    "test-in-ci",
    "jest",
    "write-a-transport",
  ]),
  part("Explanation", "explanation", [
    "commands-couple",
    "at-least-once",
    "brokers",
    "capabilities",
    "inside-an-adapter",
    "threat-model",
    "simulator",
  ]),
  part("Migration", "migration", ["nestjs", "node-ts-bus", "moleculer", "bare-clients"]),
];

function part(text: string, folder: string, first: readonly string[]): Part {
  const found = readdirSync(`${DOCS}${folder}`)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length));
  const rest = found.filter((name) => !first.includes(name)).toSorted();
  return { text, pages: [...first, ...rest].map((name) => entry(`${folder}/${name}`)) };
}

function entry(page: string): Entry {
  const [, text = page] = /^# (.+)$/m.exec(readFileSync(`${DOCS}${page}.md`, "utf8")) ?? [];
  return { text, link: `/docs/${page}` };
}
