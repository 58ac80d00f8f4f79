/** What is wrong with a page, and where. */
export interface Finding {
  readonly page: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}
