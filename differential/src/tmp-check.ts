import { readFileSync } from "node:fs";
import type { Command } from "./commands.ts";
import { compare } from "./compare.ts";
const [, , profile, file] = process.argv;
const text = readFileSync(file!, "utf8").split("\n");
let commands: Command[] = [];
let lines: [string, string][] = [];
const parse = (t: string): Command => {
  let m;
  if (t === "join" || t === "wait") return { what: t };
  if ((m = /^(crash|cut|stop) member (\d)/.exec(t))) return { what: m[1] as "cut", member: Number(m[2]) };
  if ((m = /^answer message (\d+): (.*)/.exec(t)))
    return { what: "answer", message: Number(m[1]), answer: m[2] as "ack" };
  m = /^publish to (\w+)(?:, key (\d))?/.exec(t)!;
  return {
    what: "publish",
    target: m[1] as "queue",
    key: Number(m[2] ?? 0),
    isDelayed: t.includes("delayed"),
    losesConfirm: t.includes("confirmation lost"),
  };
};
let n = 0;
const flush = async () => {
  if (lines.length === 0) {
    return;
  }
  const t = performance.now();
  n++;
  const d = await compare(commands, new Map(lines), profile as "kafka");
  console.log(
    n,
    d.length === 0
      ? "allowed"
      : JSON.stringify(
          d.map(({ line, real, allowed }) => ({ line, real, allowed: allowed.slice(0, 30) })),
          null,
          1,
        ) +
          "\n" +
          JSON.stringify(commands),
    ((performance.now() - t) / 1000).toFixed(1),
  );
  commands = [];
  lines = [];
};
for (const line of text) {
  let m;
  if ((m = /^ {0,2}(\d+)  (.*)$/.exec(line))) {
    if (m[1] === "0") {
      await flush();
      commands = [];
    }
    commands.push(parse(m[2]!));
  } else if ((m = /^     (.*): "(.*?)", but the profile/.exec(line))) lines.push([m[1]!, m[2]!]);
}
await flush();
