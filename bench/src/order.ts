import { z } from "zod";

/** The data of the benchmark: about 256 bytes of JSON. */
export const Order = z.object({
  orderId: z.number().int(),
  customer: z.string(),
  address: z.object({ street: z.string(), city: z.string(), zip: z.string() }),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int(), price: z.number() })),
  note: z.string(),
});

export function orderOf(orderId: number): z.input<typeof Order> {
  return {
    orderId,
    customer: "Ada Byron of Piccadilly",
    address: { street: "1 Streetford Road", city: "Streetford", zip: "SF1 2AB" },
    items: [
      { sku: "WB-1000", quantity: 1, price: 12.5 },
      { sku: "WB-2000", quantity: 3, price: 4.25 },
    ],
    note: "Leave it with the neighbours, please.",
  };
}
