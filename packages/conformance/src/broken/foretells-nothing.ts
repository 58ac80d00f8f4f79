import { foretold } from "../scenarios/publishing/foretold.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const foretellsNothing: Breakage = {
  does: "says of no message beforehand that it will be refused",
  caughtBy: foretold,
  breaker: () => (sound) => changed(sound, { refusalOf: () => undefined }),
};
