import { bytesCodec, createBus, event, isMessagingError, service } from "@waybill/core";
import { z } from "zod";

// #region kinds
const Invoiced = event("billing.invoiced", {
  data: z.object({
    at: z.iso.datetime(), // send a time as text: date.toISOString()
    cents: z.number().int(), // send money as a whole number of its smallest unit, or as decimal text
    customer: z.string().regex(/^\d+$/), // send numbers above 2^53 as text
    note: z.string().optional(), // an undefined property is left out
  }),
});
/** Binary data: a codec serializes it, and `bytesCodec` passes the bytes on unchanged. */
const Scanned = event("billing.scanned", { data: z.instanceof(Uint8Array), codec: bytesCodec });
// #endregion kinds

let both: () => void = () => undefined;
const all = new Promise<void>((resolve) => (both = resolve));
const lines: string[] = [];
const note = (line: string): void => {
  if (lines.push(line) === 2) both();
};
const archive = service("archive")
  .on(Invoiced, ({ at, cents, customer }) =>
    note(`${new Date(at).getUTCFullYear()}: ${cents / 100} of ${BigInt(customer)}`),
  )
  .on(Scanned, (bytes) => note(`scanned: ${bytes.length} bytes`));
const bus = await createBus({ transport: "memory:", services: [archive] });
await bus.start();

// #region send
await bus.publish(Invoiced, {
  at: new Date(Date.UTC(2026, 10, 29)).toISOString(),
  cents: 1_250,
  customer: (2n ** 60n).toString(),
});
await bus.publish(Scanned, new Uint8Array([1, 2, 3]));
// #endregion send
await all;
console.log(lines.toSorted().join("\n"));

// #region refused
const Anything = event("billing.anything", { data: z.unknown() });
const refused = { "a bigint": 1n, NaN: Number.NaN, "a Map": new Map(), "a Uint8Array": new Uint8Array(1) };
for (const [what, value] of Object.entries(refused))
  await bus.publish(Anything, { value }).catch((error: unknown) => {
    if (isMessagingError(error)) console.log(`${what}: ${error.code}`);
  });
// #endregion refused
await bus.stop();
