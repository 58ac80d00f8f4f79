/** Uses that must compile, and uses that must not: the compiler reports a `@ts-expect-error` without an error. */
import { z } from "zod";
import type { Bus } from "./bus.ts";
import type { DataOf, ReplyOf } from "../message/contract.ts";
import { command, event } from "../message/declare-contract.ts";
import { service } from "./plan/service.ts";

declare const bus: Bus;
const data = z.object({ orderId: z.number(), note: z.string().default("") });
const Dispatch = command("d", {
  data,
  reply: z.object({ trackingId: z.string() }),
  key: ({ orderId }) => String(orderId),
});
const Act = command("a", { data });
const Dispatched = event("e", { data, retain: "30d" });

/** Right uses. A default may be left out by the sender and is always received. */
export async function right(): Promise<void> {
  await bus.send(Dispatch, { orderId: 1 });
  await bus.publish(Dispatched, { orderId: 1, note: "x" }, { delay: "5s" });
  const { trackingId }: { trackingId: string } = await bus.request(
    Dispatch,
    { orderId: 1 },
    { timeout: "5s" },
  );
  service("s")
    .handle(Dispatch, ({ orderId, note }) => ({ trackingId: `${orderId}${note.length}${trackingId}` }))
    .handle(Act, async (_, { send, publish, request }) => {
      await send(Act, { orderId: 1 });
      await publish(Dispatched, { orderId: 1 });
      await request(Dispatch, { orderId: 1 });
    })
    .on(Dispatched, () => undefined, { from: "earliest" });
}

/** A handler that is declared elsewhere names the types of its data and its reply. */
export function dispatch({ orderId, note }: DataOf<typeof Dispatch>): ReplyOf<typeof Dispatch> {
  return { trackingId: `${orderId.toFixed()}${note}` };
}
export const nothing: ReplyOf<typeof Act> = undefined;
export const fact: DataOf<typeof Dispatched> = { orderId: 1, note: "" };

/** Wrong uses. */
export function wrong(): unknown[] {
  return [
    // @ts-expect-error a command is not published
    bus.publish(Dispatch, { orderId: 1 }),
    // @ts-expect-error an event is not sent
    bus.send(Dispatched, { orderId: 1 }),
    // @ts-expect-error an event is not requested
    bus.request(Dispatched, { orderId: 1 }),
    // @ts-expect-error a command without a reply is not requested
    bus.request(Act, { orderId: 1 }),
    // @ts-expect-error data of another type
    bus.send(Dispatch, { orderId: "1" }),
    // @ts-expect-error data that is missing
    bus.send(Dispatch),
    // @ts-expect-error a command is handled, not reacted to
    service("s").on(Dispatch, () => undefined),
    // @ts-expect-error an event is reacted to, not handled
    service("s").handle(Dispatched, () => undefined),
    // @ts-expect-error the wrong reply
    service("s").handle(Dispatch, () => ({ trackingId: 1 })),
    // @ts-expect-error no reply
    service("s").handle(Dispatch, () => undefined),
    // @ts-expect-error no reply from an asynchronous handler
    service("s").handle(Dispatch, async () => {}),
    // @ts-expect-error a reply that the contract does not declare
    service("s").handle(Act, () => ({ trackingId: "1" })),
    // @ts-expect-error a result of an event handler
    service("s").on(Dispatched, async () => 5),
    // @ts-expect-error a key that is no string
    command("k", { data, key: ({ orderId }) => orderId }),
    // @ts-expect-error no schema
    command("k", { data: { orderId: 1 } }),
    // @ts-expect-error text that is not a duration
    bus.send(Dispatch, { orderId: 1 }, { delay: "soon" }),
    // @ts-expect-error a space, which is invalid at run time too
    bus.send(Dispatch, { orderId: 1 }, { delay: "5 s" }),
    // @ts-expect-error a space after a decimal
    bus.send(Dispatch, { orderId: 1 }, { delay: "1.5 s" }),
    // @ts-expect-error an exponent
    bus.send(Dispatch, { orderId: 1 }, { delay: "1e3ms" }),
    // @ts-expect-error a request is not delayed
    bus.request(Dispatch, { orderId: 1 }, { delay: "5s" }),
  ];
}
