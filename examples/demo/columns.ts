import { z } from "zod";

/** A number as decimal digits or as a JSON number. Refuses `0x10`, `true` and an empty text. */
const decimal = (digits: RegExp) =>
  z.union([z.number(), z.string().regex(digits, "expected a decimal number").transform(Number)]);

/** One order, from JSON or CSV. */
export const Order = z.object({
  orderId: decimal(/^\d{1,15}$/).pipe(z.int().positive()),
  address: z.string().trim().min(1),
  amount: z
    .preprocess(
      (given) => (given === "" || given === null ? undefined : given),
      decimal(/^\d{1,15}(\.\d{1,10})?$/)
        .pipe(z.number().nonnegative())
        .optional(),
    )
    .transform((amount) => amount ?? 0),
});
export type Order = z.output<typeof Order>;

/** The names that a column may have. */
const NAMES: Readonly<Record<keyof Order, readonly string[]>> = {
  orderId: ["orderId", "order_id"],
  address: ["address"],
  amount: ["amount"],
};

/** Returns whether a heading is a known column. */
export function isWanted(heading: string): boolean {
  return Object.values(NAMES).flat().includes(heading);
}

/** Returns the required columns that are missing from these, as `orderId (or order_id)`. */
export function wantedColumns(headings: readonly string[]): readonly string[] {
  return [NAMES.orderId, NAMES.address]
    .filter((names) => !names.some((name) => headings.includes(name)))
    .map(([name, ...others]) => (others.length === 0 ? `${name}` : `${name} (or ${others.join(", ")})`));
}

/** Returns the order of a record. @throws RangeError with each problem, by the column names of the record */
export function orderOf(record: Readonly<Record<string, unknown>>): Order {
  const nameOf = (column: PropertyKey | undefined): string =>
    Object.entries(NAMES)
      .find(([known]) => known === column)?.[1]
      .find((name) => name in record) ?? String(column);
  const { data, error } = Order.safeParse({
    orderId: record[nameOf("orderId")],
    address: record[nameOf("address")],
    amount: record["amount"],
  });
  if (error === undefined) return data;
  throw new RangeError(error.issues.map(({ path, message }) => `${nameOf(path[0])}: ${message}`).join("; "));
}
