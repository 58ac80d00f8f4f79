import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "csv-parse/sync";
import { z } from "zod";

/** One order, however it was written. */
export const Order = z.object({
  orderId: z.coerce.number().int().positive(),
  address: z.string().trim().min(1),
  amount: z.coerce.number().nonnegative().default(0),
});
export type Order = z.output<typeof Order>;

/** A line that is no order, and why. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

export type Line = { readonly order: Order } | { readonly bad: BadLine };

/** Reads orders line by line: JSON objects, or CSV under a header line. `-` is the standard input. A bad line stops nothing. */
export async function* readOrders(file: string): AsyncGenerator<Line> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  let header: readonly string[] | undefined;
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (line.trim() === "") continue;
    const isJson = line.trimStart().startsWith("{");
    if (!isJson && header === undefined) header = cells(line);
    else yield lineOf(number, () => (isJson ? (JSON.parse(line) as unknown) : record(header ?? [], line)));
  }
}

function lineOf(line: number, read: () => unknown): Line {
  try {
    const { data, error } = Order.safeParse(read());
    if (data !== undefined) return { order: data };
    return {
      bad: {
        line,
        reason: error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
      },
    };
  } catch (error) {
    return { bad: { line, reason: error instanceof Error ? error.message : String(error) } };
  }
}

function record(header: readonly string[], line: string): Record<string, string> {
  const values = cells(line);
  if (values.length !== header.length)
    throw new RangeError(`${values.length} cells under ${header.length} headings`);
  return Object.fromEntries(header.map((name, at) => [name, values[at] ?? ""]));
}

function cells(line: string): readonly string[] {
  const [row] = parse(line, { trim: true });
  return row ?? [];
}
