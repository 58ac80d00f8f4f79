import { commandText, type Answer, type Command, type Destination } from "./commands.ts";
import type { Finding } from "./differential.ts";

/** Returns a finding as text: a line for each command, then a line for each difference. */
export function findingText({ commands, differences }: Finding): string {
  return [
    "",
    ...commands.map((command, at) => `${String(at).padStart(3)}  ${commandText(command)}`),
    ...differences.map(({ line, real, allowed }) => `     ${line}: "${real}"${allowedText(allowed)}`),
  ].join("\n");
}

function allowedText(allowed: readonly string[]): string {
  if (allowed.length === 0) return "";
  const some = allowed.slice(0, 8).map((each) => `"${each}"`);
  return `, but the profile allows only ${some.join(", ")}`;
}

/** A sequence and its observed outcome. */
export interface Observed {
  readonly commands: readonly Command[];
  /** The text of each line, by the name of the line. */
  readonly outcome: ReadonlyMap<string, string>;
}

/** Reads a printed finding, with or without the part about the profile. */
export function readFinding(text: string): Observed {
  const commands: Command[] = [];
  const outcome = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, command] = /^ {0,2}\d+ {2}(.*)$/.exec(line) ?? [];
    if (command !== undefined) commands.push(readCommand(command));
    const [, name, observed] = /^ {5}(.*?): "(.*?)"/.exec(line) ?? [];
    if (name !== undefined && observed !== undefined) outcome.set(name, observed);
  }
  return { commands, outcome };
}

/** The inverse of {@link commandText}. @throws for an unknown command */
export function readCommand(text: string): Command {
  if (text === "join" || text === "wait") return { what: text };
  const [, what, member] = /^(crash|cut|stop) member (\d)$/.exec(text) ?? [];
  if (what !== undefined) return { what: what as "crash" | "cut" | "stop", member: Number(member) };
  const [, message, answer] = /^answer message (\d+): (.*)$/.exec(text) ?? [];
  if (answer !== undefined) return { what: "answer", message: Number(message), answer: answer as Answer };
  const [, destination, key] = /^publish to (\w+)(?:, key (\d))?/.exec(text) ?? [];
  if (destination === undefined) throw new Error(`unknown command ${JSON.stringify(text)}`);
  return {
    what: "publish",
    destination: destination as Destination,
    key: Number(key ?? 0),
    isDelayed: text.includes(", delayed"),
    losesConfirm: text.includes(", confirmation lost"),
  };
}
