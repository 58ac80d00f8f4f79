import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { timelineJson, timelinePage } from "../page/timeline-page.ts";
import { SimulationFailure, type Failure } from "./failure.ts";

/**
 * Throws what was found, and first writes its page, where one is wanted: as HTML, and as JSON beside it.
 * @throws SimulationFailure always; what cannot be written is said in it, and hides nothing
 */
export async function throwFailure(failure: Failure, page: string | undefined): Promise<never> {
  throw new SimulationFailure(failure, page === undefined ? undefined : await writePage(failure, page));
}

async function writePage(failure: Failure, page: string): Promise<string> {
  const json = `${page.replace(/\.html?$/, "")}.json`;
  try {
    await mkdir(dirname(page), { recursive: true });
    await Promise.all([writeFile(page, timelinePage(failure)), writeFile(json, timelineJson(failure))]);
    return `see it at ${page}, or as data in ${json}`;
  } catch (error) {
    return `its page could not be written: ${String(error)}`;
  }
}
