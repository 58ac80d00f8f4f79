import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { timelineJson, timelinePage } from "../page/timeline-page.ts";
import { SimulationFailure, type Failure } from "./failure.ts";

/**
 * Writes the page of a failure, if there is a path for it, as HTML and as JSON, and throws the failure.
 * @throws SimulationFailure always; a page that cannot be written adds a line to its message
 */
export async function throwFailure(failure: Failure, page: string | undefined): Promise<never> {
  throw new SimulationFailure(failure, page === undefined ? undefined : await writePage(failure, page));
}

async function writePage(failure: Failure, page: string): Promise<string> {
  const json = `${page.replace(/\.html?$/, "")}.json`;
  try {
    await mkdir(dirname(page), { recursive: true });
    await Promise.all([writeFile(page, timelinePage(failure)), writeFile(json, timelineJson(failure))]);
    return `page: ${page}; data: ${json}`;
  } catch (error) {
    return `the page ${page} could not be written: ${String(error)}`;
  }
}
