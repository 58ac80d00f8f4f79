import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";
import type { Program } from "./program.ts";

/** The measurements of one process. */
interface Measurement {
  /** From the start of the process to the first message handled, in milliseconds. */
  readonly firstMs: number;
  /** The heap after the messages and a garbage collection, in bytes. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Compiled to JavaScript, as applications are: the compilation of TypeScript would take half of the start. */
const COLD = fileURLToPath(new URL("cold.js", import.meta.url));

/** Starts a process of each program in turn, round after round, and prints medians of ratios to the first program. */
export async function compareProcesses(
  url: string,
  programs: readonly Program[],
  { rounds, messages }: { readonly rounds: number; readonly messages: number },
): Promise<void> {
  const measured = new Map<string, Measurement[]>(programs.map(({ name }) => [name, []]));
  // The first process of each program creates its queues, streams and topics.
  for (const program of programs) await processOf(program, [url, `cold${program.suffix}`, "0"]);
  for (let round = 0; round < rounds; round++)
    for (const program of programs)
      measured
        .get(program.name)
        ?.push(await processOf(program, [url, `cold${program.suffix}`, String(messages)]));
  const [first = []] = measured.values();
  const works: readonly (readonly [string, (one: Measurement) => number, string])[] = [
    ["process start -> first message handled", ({ firstMs }) => firstMs, "ms"],
    [`heap after ${messages} messages`, ({ heapBytes }) => heapBytes / 2 ** 20, "MiB"],
    [`resident after ${messages} messages`, ({ residentBytes }) => residentBytes / 2 ** 20, "MiB"],
  ];
  for (const [work, value, unit] of works) {
    console.log(`\n${work}`);
    for (const [name, own] of measured) {
      const ratio = median(
        own.map((one, at) => value(one) / value(first[at] ?? { firstMs: 0, heapBytes: 0, residentBytes: 0 })),
      );
      console.log(
        `  ${name.padEnd(24)} ${median(own.map(value)).toFixed(1).padStart(7)} ${unit}  ${ratio.toFixed(2)}`,
      );
    }
  }
}

function processOf({ module, factory }: Program, args: readonly string[]): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const began = performance.timeOrigin + performance.now();
    const child = fork(COLD, [module.href, factory, ...args], {
      execArgv: ["--expose-gc"],
    });
    let measured: Partial<Measurement> = {};
    child.on("message", (message: Partial<Measurement> & { readonly first?: number }) => {
      const { first, ...rest } = message;
      measured = { ...measured, ...rest, ...(first !== undefined && { firstMs: first - began }) };
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      const { firstMs, heapBytes, residentBytes } = measured;
      if (firstMs === undefined || heapBytes === undefined || residentBytes === undefined)
        reject(new Error(`a process of ${factory} ended with ${code}`));
      else resolve({ firstMs, heapBytes, residentBytes });
    });
  });
}
