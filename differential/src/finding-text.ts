import { describe, type Answer, type Command, type Target } from "./commands.ts";
import type { Finding } from "./differential.ts";

/** A sequence, and what was seen that its profile does not have: a line for each. */
export function textOf({ commands, differences }: Finding): string {
  return [
    "",
    ...commands.map((command, at) => `${String(at).padStart(3)}  ${describe(command)}`),
    ...differences.map(({ line, real, allowed }) => `     ${line}: "${real}"${butOnly(allowed)}`),
  ].join("\n");
}

function butOnly(allowed: readonly string[]): string {
  if (allowed.length === 0) return "";
  const some = allowed.slice(0, 8).map((each) => `"${each}"`);
  return `, but the profile has only ${some.join(", ")}`;
}

/** What was seen when a sequence was played. */
export interface Seen {
  readonly commands: readonly Command[];
  /** Line to text. */
  readonly outcome: ReadonlyMap<string, string>;
}

/** Reads one finding again, with or without what the profile had instead. */
export function readFinding(text: string): Seen {
  const commands: Command[] = [];
  const outcome = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, command] = /^ {0,2}\d+ {2}(.*)$/.exec(line) ?? [];
    if (command !== undefined) commands.push(readCommand(command));
    const [, name, seen] = /^ {5}(.*?): "(.*?)"/.exec(line) ?? [];
    if (name !== undefined && seen !== undefined) outcome.set(name, seen);
  }
  return { commands, outcome };
}

/** The inverse of {@link describe}. */
export function readCommand(text: string): Command {
  if (text === "join" || text === "wait") return { what: text };
  const [, what, member] = /^(crash|cut|stop) member (\d)$/.exec(text) ?? [];
  if (what !== undefined) return { what: what as "crash" | "cut" | "stop", member: Number(member) };
  const [, message, answer] = /^answer message (\d+): (.*)$/.exec(text) ?? [];
  if (answer !== undefined) return { what: "answer", message: Number(message), answer: answer as Answer };
  const [, target, key] = /^publish to (\w+)(?:, key (\d))?/.exec(text) ?? [];
  if (target === undefined) throw new Error(`${JSON.stringify(text)} is no command`);
  return {
    what: "publish",
    target: target as Target,
    key: Number(key ?? 0),
    isDelayed: text.includes(", delayed"),
    losesConfirm: text.includes(", confirmation lost"),
  };
}
