import type { Letter } from "./letters.ts";
import type { Story } from "./stories.ts";
import type { Way } from "./ways.ts";

/** How one service of the page is. */
export interface ServiceView {
  readonly way: Way;
  readonly name: string;
  readonly state: "starting" | "running" | "stopping" | "stopped";
  /** Whether its handlers are made to fail. */
  readonly isFailing: boolean;
}

/** What the page is told: always the whole of the thing that changed, so that telling it twice does no harm. */
export type Change =
  | { readonly kind: "hello" }
  | { readonly kind: "order"; readonly story: Story }
  | { readonly kind: "service"; readonly service: ServiceView }
  | { readonly kind: "letters"; readonly service: string; readonly letters: readonly Letter[] }
  | { readonly kind: "notice"; readonly text: string };
