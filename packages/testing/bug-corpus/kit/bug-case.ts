import type { App, World } from "../../src/index.ts";

/** A small application with one realistic bug, and the same application without it. */
export interface BugCase {
  readonly name: string;
  /** The bug in a sentence. */
  readonly bug: string;
  /** Makes the application with the bug, or the correct one. */
  readonly make: (world: World, isCorrect: boolean) => App;
}
