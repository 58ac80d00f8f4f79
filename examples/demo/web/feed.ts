import type { Letter } from "./letters.ts";
import type { Story } from "./stories.ts";
import type { Way } from "./ways.ts";

/** The state of one service of the page. */
export interface ServiceView {
  readonly way: Way;
  readonly name: string;
  readonly state: "starting" | "running" | "stopping" | "stopped";
  /** Whether its handlers are made to fail. */
  readonly isFailing: boolean;
}

/** A change for the page. It always has the whole object that changed, so sending it twice is harmless. */
export type Change =
  | { readonly kind: "hello" }
  | { readonly kind: "order"; readonly story: Story }
  | { readonly kind: "service"; readonly service: ServiceView }
  | { readonly kind: "letters"; readonly service: string; readonly letters: readonly Letter[] }
  | { readonly kind: "problem"; readonly text: string };
