import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse/sync";
import { isWanted, orderOf, wantedColumns, type Order } from "./columns.ts";

export type { Order } from "./columns.ts";

/** A line that is not an order, and the reason. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
  /** The missing columns; empty if the line is bad for another reason. */
  readonly missing: readonly string[];
}

export type Line = { readonly order: Order } | { readonly bad: BadLine };

/** Reads the record of one line. Throws if the line has no record. */
type ReadLine = (text: string) => Readonly<Record<string, unknown>>;

interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/**
 * Reads orders line by line: JSON objects, or CSV below a line of headings. The whole input has one of the two formats.
 * `-` is the standard input; a path is relative to `folder`. Reading continues after a bad line.
 *
 * @throws RangeError if the headings lack a column
 */
export async function* readOrders(file: string, folder: string): AsyncGenerator<Line> {
  let read: ReadLine | undefined;
  let first: NumberedLine | undefined;
  for await (const line of linesOf(file, folder)) {
    if (read !== undefined) yield lineOf(line, read);
    else if (first === undefined && isUndecided(line.text)) first = line;
    else if (isObject(line.text) || isList(first?.text ?? line.text)) {
      read = jsonObject;
      if (first !== undefined) yield lineOf(first, read);
      yield lineOf(line, read);
    } else {
      read = below(first ?? line);
      if (first !== undefined) yield lineOf(line, read);
    }
  }
  if (read === undefined && first !== undefined) below(first);
}

async function* linesOf(file: string, folder: string): AsyncGenerator<NumberedLine> {
  const input = file === "-" ? process.stdin : createReadStream(resolve(folder, file));
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (line.trim() !== "") yield { number, text: line };
  }
}

const isObject = (text: string): boolean => text.trimStart().startsWith("{");
const isList = (text: string): boolean => text.trimStart().startsWith("[");

/** Returns whether the next line decides the format: this one is neither JSON nor a line of known headings. */
function isUndecided(text: string): boolean {
  if (isObject(text) || isList(text)) return false;
  try {
    return !cells(text).some(isWanted);
  } catch {
    return true;
  }
}

/** Returns the reader of CSV lines below these headings. */
function below({ number, text }: NumberedLine): ReadLine {
  const headings = cells(text);
  const missing = wantedColumns(headings);
  if (missing.length > 0)
    throw new RangeError(`line ${number} has no column ${missing.join(", ")}: the headings are ${text}`);
  return (line) => {
    const values = cells(line);
    if (values.length !== headings.length)
      throw new RangeError(`${values.length} cells under ${headings.length} headings`);
    return Object.fromEntries(headings.map((name, at) => [name, values[at] ?? ""]));
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = JSON.parse(text) as unknown;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("it is not a JSON object");
  return { ...value };
}

function cells(line: string): readonly string[] {
  const [row] = parse(line, { trim: true });
  return row ?? [];
}

function lineOf({ number, text }: NumberedLine, read: ReadLine): Line {
  try {
    const record = read(text);
    const missing = wantedColumns(Object.keys(record));
    if (missing.length > 0)
      return { bad: { line: number, reason: `it has no ${missing.join(", no ")}`, missing } };
    return { order: orderOf(record) };
  } catch (error) {
    return {
      bad: { line: number, reason: error instanceof Error ? error.message : String(error), missing: [] },
    };
  }
}
