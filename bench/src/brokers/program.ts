import type { Contestant } from "./contestant.ts";

/** How a contestant is made, in this process or in one of its own. */
export interface Program {
  readonly name: string;
  /** Of JavaScript, with the factory. */
  readonly module: URL;
  /** Takes the broker's URL and a prefix. */
  readonly factory: string;
  /** Ends the prefix of what it creates at the broker. */
  readonly suffix: string;
}

/** The same work through a bus. */
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
  if (make === undefined) throw new Error(`${module.href} exports no ${factory}`);
  return make(url, prefix);
}
