import type { Bus, Command } from "@waybill/core";
import type { Ledger } from "./ledger/ledger.ts";

/** How many messages are on their way to the broker. */
const WINDOW = 200;

/** Sends messages up to a number, and writes down which were stored. @throws what `send` rejects with */
export async function load(
  bus: Pick<Bus, "send">,
  { work, ledger, from = 0 }: { readonly work: Command; readonly ledger: Ledger; readonly from?: number },
  to: number,
): Promise<void> {
  let next = from;
  const one = async (): Promise<void> => {
    while (next < to) {
      const number = next++;
      await bus.send(work, { number, key: String(number % 50) });
      ledger.stored(number);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
}
