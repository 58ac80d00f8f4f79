import type { Bus, Command } from "@waybill/core";
import type { DeliveryLog } from "./log/delivery-log.ts";

/** How many messages are in flight to the broker. */
const WINDOW = 200;

/** Sends the messages numbered `from` to `to - 1` and logs those that were stored. @throws the error of `send` */
export async function load(
  bus: Pick<Bus, "send">,
  { work, log, from = 0 }: { readonly work: Command; readonly log: DeliveryLog; readonly from?: number },
  to: number,
): Promise<void> {
  let next = from;
  const one = async (): Promise<void> => {
    while (next < to) {
      const number = next++;
      await bus.send(work, { number, key: String(number % 50) });
      log.stored(number);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
}
