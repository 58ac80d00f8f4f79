import type { Cancel, Clock } from "@waybill/core/transport";
import { expect, it } from "vitest";
import type { KafkaDelivery } from "../delivery.ts";
import { ImmediateRetries } from "./immediate-retries.ts";

/** Of the clock only what is scheduled. */
function timers(): {
  readonly clock: Clock;
  readonly open: { readonly ms: number; readonly fire: () => void }[];
} {
  const open: { readonly ms: number; readonly fire: () => void }[] = [];
  const schedule = (ms: number, fire: () => void): Cancel => {
    const timer = { ms, fire };
    open.push(timer);
    return () => void (open.includes(timer) && open.splice(open.indexOf(timer), 1));
  };
  return { clock: { now: () => 0, schedule }, open };
}

const delivery = (): KafkaDelivery => ({ entry: {}, isLive: true }) as unknown as KafkaDelivery;

it("a message that is retried without an end is delayed, longer each time", () => {
  const { clock, open } = timers();
  const inPlace = new ImmediateRetries(clock);
  const again = delivery();
  let retries = 0;
  const pauses: number[] = [];
  for (let count = 0; count < 40; count++) {
    inPlace.retry(again, () => (retries += 1));
    const [timer] = open;
    if (timer !== undefined) pauses.push(timer.ms);
    timer?.fire();
  }
  expect(retries).toBe(40);
  expect(pauses.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000]);
  expect(pauses).toHaveLength(20);
});

it("leaves no timer when it ends, and begins nothing for a delivery that was taken back", () => {
  const { clock, open } = timers();
  const inPlace = new ImmediateRetries(clock);
  const again = delivery();
  for (let count = 0; count < 20; count++) inPlace.retry(again, () => undefined);
  again.isLive = false;
  inPlace.retry(again, () => expect.fail("it was taken back"));
  expect(open).toHaveLength(1);
  inPlace.end();
  expect(open).toEqual([]);
});
