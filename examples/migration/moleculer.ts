import { ServiceBroker, type Context } from "moleculer";
import { Notes } from "./note.ts";

const notes = new Notes();
interface Order {
  readonly orderId: number;
}
// #region app
const broker = new ServiceBroker({ logger: false });

broker.createService({
  name: "warehouse",
  actions: {
    dispatch: {
      params: { orderId: "number" },
      handler(context: Context<Order>) {
        const { orderId } = context.params;
        void context.emit("warehouse.dispatched", { orderId });
        return { trackingId: `WB-${orderId}` };
      },
    },
  },
});
broker.createService({
  name: "mailer",
  events: {
    // Moleculer retries actions only. It logs an error in an event handler and drops the event:
    // retries and dead letters are written by hand.
    "warehouse.dispatched": {
      context: true,
      handler({ params: { orderId } }: Context<Order>) {
        for (let tries = 1; ; tries++)
          try {
            if (orderId === 13) throw new Error("no such address");
            return notes.add(`mailer wrote about order ${orderId}`);
          } catch {
            if (tries === 4) return notes.add(`mailer gave up order ${orderId} after ${tries} tries`);
          }
      },
    },
  },
});
broker.createService({
  name: "sales",
  events: {
    "warehouse.dispatched": {
      context: true,
      handler({ params: { orderId } }: Context<Order>) {
        notes.add(`sales counted order ${orderId}`);
      },
    },
  },
});

await broker.start();
for (const orderId of [12, 13]) {
  const { trackingId } = await broker.call<{ trackingId: string }, Order>("warehouse.dispatch", { orderId });
  notes.add(`shop received ${trackingId}`);
}
// #endregion app
await notes.print(6);
await broker.stop();
