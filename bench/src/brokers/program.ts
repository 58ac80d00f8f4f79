import type { Contestant } from "./contestant.ts";

/** A contestant, by its factory, so that it can run in this process or in a process of its own. */
export interface Program {
  readonly name: string;
  /** The JavaScript module with the factory. */
  readonly module: URL;
  /** The exported function that takes the broker's URL and a prefix. */
  readonly factory: string;
  /** The end of `prefix`, which makes the names of each contestant at the broker different. */
  readonly suffix: string;
}

/** The contestant that works through a bus. */
export const WAYBILL: Program = {
  name: "waybill",
  module: new URL("bus-contestant.js", import.meta.url),
  factory: "busContestant",
  suffix: ".bus",
};

type Factory = (url: string, prefix: string) => Promise<Contestant>;

export async function contestantOf(
  { module, factory }: Pick<Program, "module" | "factory">,
  url: string,
  prefix: string,
): Promise<Contestant> {
  const { [factory]: make } = (await import(module.href)) as Record<string, Factory>;
  if (make === undefined)
    throw new Error(`The module ${module.href} does not export the factory ${factory}.`);
  return make(url, prefix);
}
