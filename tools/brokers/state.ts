import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { BROKERS } from "./broker.ts";
import { HOME } from "./paths.ts";

const FOLDER: string = join(HOME, "state");

const Process = z.object({ pid: z.number().int(), since: z.string() });

/** The record of a broker, written as soon as its first process exists. */
const Running = z.object({
  name: z.string(),
  broker: z.enum(BROKERS),
  isOldest: z.boolean(),
  /** The test process that started the broker for itself. If absent, the broker runs until `down`. */
  owner: Process.optional(),
  home: z.string().optional(),
  /** Whether Docker runs the processes. */
  isInDocker: z.boolean().default(false),
  url: z.string(),
  config: z.array(z.string()).readonly().default([]),
  listeners: z.array(z.string()).readonly().default([]),
  nodes: z.array(
    z.object({
      id: z.string(),
      folder: z.string(),
      ports: z.array(z.number().int()),
      /** Helpers first, the broker itself last. */
      processes: z.array(Process),
    }),
  ),
});

export type Running = z.infer<typeof Running>;

/** Writes the record atomically. */
export function record(running: Running): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${running.name}.json`);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(running, undefined, 2));
  renameSync(`${file}.${process.pid}`, file);
}

export function forget(name: string): void {
  rmSync(join(FOLDER, `${name}.json`), { force: true });
}

/** Returns all records. @throws with the name of a file that cannot be parsed */
export function recorded(): readonly Running[] {
  try {
    return readdirSync(FOLDER)
      .filter((file) => file.endsWith(".json"))
      .map((file) => Running.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
