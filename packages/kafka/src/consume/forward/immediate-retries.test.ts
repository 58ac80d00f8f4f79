import type { Cancel, Clock } from "@waybill/core/transport";
import { expect, it } from "vitest";
import type { KafkaDelivery } from "../delivery.ts";
import { ImmediateRetries } from "./immediate-retries.ts";

/** A clock that only lists scheduled timers. */
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

it("delays a message that is retried for ever, with a growing backoff", () => {
  const { clock, open } = timers();
  const immediateRetries = new ImmediateRetries(clock);
  const retried = delivery();
  let retries = 0;
  const pauses: number[] = [];
  for (let count = 0; count < 40; count++) {
    immediateRetries.retry(retried, () => (retries += 1));
    const [timer] = open;
    if (timer !== undefined) pauses.push(timer.ms);
    timer?.fire();
  }
  expect(retries).toBe(40);
  expect(pauses.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000]);
  expect(pauses).toHaveLength(20);
});

it("leaves no timer when the retries end, and does not retry a revoked delivery", () => {
  const { clock, open } = timers();
  const immediateRetries = new ImmediateRetries(clock);
  const retried = delivery();
  for (let count = 0; count < 20; count++) immediateRetries.retry(retried, () => undefined);
  retried.isLive = false;
  immediateRetries.retry(retried, () => expect.fail("the delivery was revoked"));
  expect(open).toHaveLength(1);
  immediateRetries.end();
  expect(open).toEqual([]);
});
