import type { App, World } from "../../src/index.ts";

/** A small application with one realistic bug, and the same application without it. */
export interface BugCase {
  readonly name: string;
  /** What is wrong with it, in a sentence. */
  readonly bug: string;
  readonly make: (world: World, isCorrect: boolean) => App;
}
